import Formats
import Graph

/// Each step of a query looks at the steps of a value by how well their keys go with it (Keras: `Attention`, Luong et al. 2015,
/// and `AdditiveAttention`, Bahdanau et al. 2015). Called with the list [query, value] or [query, value, key].
struct AttentionLayer: Layer {
    /// How well a query goes with a key.
    private enum Score: String, CaseIterable {
        /// The sum of products.
        case dot
        /// The sum of tanh(query + key).
        case concatenation = "concat"
    }

    let common: LayerHeader
    private let score: Score
    /// Whether the sum of tanh has a factor for each number, and the tanh none.
    private let isAdditive: Bool
    private let useScale: Bool
    private let dropout: Double
    private let isCausal: Bool

    /// Reads an `Attention`, or where it is additive, an `AdditiveAttention`.
    init?(_ common: LayerHeader, _ reader: ObjectReader, isAdditive: Bool) {
        self.common = common
        useScale = reader.bool("use_scale", default: isAdditive)
        dropout = reader.double("dropout", default: 0, in: .from(0, to: 1))
        // Keras before 2.10 had it here, not in the call.
        isCausal = reader.bool("causal", default: false)
        // A seed fixes Keras' own numbers alone.
        reader.accept("seed")
        self.isAdditive = isAdditive
        score = isAdditive ? .concatenation : reader.choice("score_mode", default: .dot)
    }

    var masking: Masking { .passes }
    var keywords: Set<String> { ["use_causal_mask", "return_attention_scores"] }

    func plan(_ inputs: [[Int]], _ arguments: CallArguments) throws(SpecError) -> LayerPlan {
        let place = arguments.pointer ?? pointer
        let title = "\(name) (\(common.className))"
        guard (2...3).contains(inputs.count) else {
            throw SpecError(
                place, "\(title) takes a query, a value and maybe a key, but it is called with \(inputs.count) tensors")
        }
        guard try !arguments.flag("return_attention_scores") else {
            throw SpecError(
                place, "\(title) with return_attention_scores is not supported", code: SpecError.notSupported)
        }
        _ = try arguments.flag("use_causal_mask")
        let (query, value, key) = (inputs[0], inputs[1], inputs[inputs.count - 1])
        guard inputs.allSatisfy({ $0.count == 2 }), query[1] == key[1], value[0] == key[0] else {
            throw SpecError(
                place,
                "\(title) takes rows [time, features], keys as wide as the query and as many as values, not \(inputs)")
        }
        var variables: [LayerVariable] = []
        if useScale {
            variables.append(
                isAdditive
                    ? LayerVariable("scale", shape: [query[1]], initializer: .glorotUniform)
                    : LayerVariable("scale", shape: [], initializer: .ones))
        }
        if score == .concatenation, !isAdditive {
            variables.append(LayerVariable("concat_score_weight", shape: [], initializer: .ones))
        }
        let pairs = query[0].multipliedSaturated(by: value[0])
        let inPair = score == .dot ? 3 : query[1].multipliedSaturated(by: 3).addingSaturated(3)
        return LayerPlan(
            [query[0], value[1]], variables: variables, numbers: pairs.multipliedSaturated(by: inPair))
    }

    func call(_ inputs: [Tensor], _ call: LayerCall) -> [Tensor] {
        let (query, value, key) = (inputs[0], inputs[1], inputs[inputs.count - 1])
        var scores = scores(query, key, call)
        let isCausal = isCausal || (try? call.arguments.flag("use_causal_mask")) == true
        let mask = AttentionMask.joined([
            call.masks[1]?.expandDimensions(at: 1),
            isCausal ? AttentionMask.causal(call.builder, queries: query.shape[1], keys: key.shape[1]) : nil,
        ])
        if let mask { scores = scores + AttentionMask.bias(mask) }
        var weights = scores.softmax()
        if call.isTraining { weights = weights.dropped(dropout, weights.shape.dimensions, call) }
        let y = weights.matmul(value)
        guard let counts = call.masks[0]?.expandDimensions(at: 2) else { return [y] }
        return [counts.select(y, call.builder.constant(0, shape: y.shape))]
    }

    private func scores(_ query: Tensor, _ key: Tensor, _ call: LayerCall) -> Tensor {
        if score == .dot {
            let products = query.matmul(key, transposeB: true)
            return useScale ? products * call["scale"] : products
        }
        let sums = query.expandDimensions(at: 2) + key.expandDimensions(at: 1)
        guard isAdditive else {
            let scaled = useScale ? sums * call["scale"] : sums
            return scaled.tanh().reduceSum(axes: [3]) * call["concat_score_weight"]
        }
        let parts = useScale ? sums.tanh() * call["scale"] : sums.tanh()
        return parts.reduceSum(axes: [3])
    }
}
