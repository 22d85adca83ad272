import Formats
import Graph

/// Vaswani et al. 2017 (Keras: `MultiHeadAttention`): each step of a query looks at the steps of a value by how well their keys
/// go with it, several times side by side. Called with `query`, `value`, `key` (the value by default), `attention_mask`,
/// `use_causal_mask`; masked steps of the value are not looked at.
struct MultiHeadAttentionLayer: Layer {
    static let className = "MultiHeadAttention"
    let common: LayerHeader
    private let heads: Int
    private let headsPointer: JSONPointer
    /// Numbers of a query or a key in one head.
    private let keyWidth: Int
    /// Numbers of a value in one head.
    private let valueWidth: Int
    /// Numbers of an output; nil: as many as the query has.
    private let outputWidth: Int?
    private let useBias: Bool
    private let dropout: Double
    private let kernel: VariableSettings
    private let bias: VariableSettings

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        self.common = common
        let heads = reader.int("num_heads", required: true, in: 1 ... .max)
        headsPointer = reader.pointer(to: "num_heads")
        let keyWidth = reader.int("key_dim", required: true, in: 1 ... .max)
        let valueWidth = reader.int("value_dim", in: 1 ... .max)
        if reader.value("output_shape")?.array != nil {
            outputWidth = reader.ints("output_shape", in: 1 ... .max, count: 1...1)?.first
        } else {
            outputWidth = reader.int("output_shape", in: 1 ... .max)
        }
        useBias = reader.bool("use_bias", default: true)
        dropout = reader.double("dropout", default: 0, in: .from(0, to: 1))
        kernel = VariableSettings(reader, "kernel", default: .glorotUniform)
        bias = VariableSettings(reader, "bias", default: .zeros)
        reader.notSupported("attention_axes", unless: [1], [-2], 1)
        reader.notSupported("activity_regularizer")
        reader.notSupported("use_gate", unless: false)
        reader.notSupported("sliding_window")
        // Shapes follow from the inputs; a seed fixes Keras' own numbers alone.
        reader.accept("query_shape", "key_shape", "value_shape", "seed", "flash_attention")
        guard let heads, let keyWidth else { return nil }
        self.heads = heads
        self.keyWidth = keyWidth
        self.valueWidth = valueWidth ?? keyWidth
    }

    var masking: Masking { .passes }
    var keywords: Set<String> {
        ["query", "value", "key", "attention_mask", "use_causal_mask", "return_attention_scores"]
    }

    /// Which input is which.
    private struct Places {
        let query: Int
        let value: Int
        let key: Int
        let mask: Int?
    }

    private func places(_ arguments: CallArguments) throws(SpecError) -> Places {
        let place = arguments.pointer ?? pointer
        guard let query = arguments.input("query", position: 0), let value = arguments.input("value", position: 1)
        else {
            throw SpecError(place, "\(name) (MultiHeadAttention) takes a query and a value, two tensors")
        }
        guard arguments.positional.count <= 3 else {
            throw SpecError(
                place, "\(name) (MultiHeadAttention) takes query, value and key in this order, all others by name",
                code: SpecError.notSupported)
        }
        if try arguments.flag("return_attention_scores") {
            throw SpecError(
                place, "\(name) (MultiHeadAttention) with return_attention_scores is not supported",
                code: SpecError.notSupported)
        }
        let mask = arguments.input("attention_mask")
        if mask == nil, arguments.value("attention_mask") != nil {
            throw SpecError(place, "attention_mask must be a tensor", code: SpecError.notSupported)
        }
        return Places(query: query, value: value, key: arguments.input("key", position: 2) ?? value, mask: mask)
    }

    // MARK: Plan

    func plan(_ inputs: [[Int]], _ arguments: CallArguments) throws(SpecError) -> LayerPlan {
        let places = try places(arguments)
        _ = try arguments.flag("use_causal_mask")
        let place = arguments.pointer ?? pointer
        let (query, value, key) = (inputs[places.query], inputs[places.value], inputs[places.key])
        guard query.count == 2, value.count == 2, key.count == 2 else {
            throw SpecError(
                place,
                "\(name) (MultiHeadAttention) takes rows [time, features], not of shapes \(query), \(value) and \(key)",
                code: SpecError.notSupported)
        }
        guard value[0] == key[0] else {
            throw SpecError(
                place,
                "\(name) (MultiHeadAttention) takes a value and a key of as many steps, not \(value[0]) and \(key[0])")
        }
        let scores = [heads, query[0], value[0]]
        if let mask = places.mask { try check(mask: inputs[mask], scores, at: place) }
        let width = outputWidth ?? query[1]
        var variables = try projection("query", [query[1], heads, keyWidth], bias: 2)
        variables += try projection("key", [key[1], heads, keyWidth], bias: 2)
        variables += try projection("value", [value[1], heads, valueWidth], bias: 2)
        variables += try projection("attention_output", [heads, valueWidth, width], bias: 1)
        let projected = [heads, query[0], keyWidth].saturatedProduct
            .addingSaturated([heads, value[0], keyWidth.addingSaturated(valueWidth)].saturatedProduct)
        return LayerPlan(
            [query[0], width], variables: variables,
            numbers: scores.saturatedProduct.multipliedSaturated(by: 3).addingSaturated(
                projected.multipliedSaturated(by: 2)))
    }

    private func check(mask: [Int], _ scores: [Int], at place: JSONPointer) throws(SpecError) {
        let wanted = Array(scores.suffix(mask.count))
        let fits = (2...3).contains(mask.count) && zip(mask, wanted).allSatisfy { $0 == $1 || $0 == 1 }
        guard fits else {
            throw SpecError(
                place,
                "attention_mask has rows of shape \(mask), but \(name) (MultiHeadAttention) takes [query steps, value steps], "
                    + "here \(Array(scores.suffix(2)))")
        }
    }

    /// A kernel of this shape, and a bias of its last axes.
    private func projection(_ part: String, _ shape: [Int], bias axes: Int) throws(SpecError) -> [LayerVariable] {
        guard shape.saturatedProduct <= SpecLimit.elements else {
            throw SpecError(
                headsPointer,
                "the kernel of \(part) has the shape \(shape), more than \(SpecLimit.elements) numbers")
        }
        let kernel = kernel.variable("\(part)/kernel", shape)
        return useBias ? [kernel, bias.variable("\(part)/bias", Array(shape.suffix(axes)))] : [kernel]
    }

    // MARK: Call

    func call(_ inputs: [Tensor], _ call: LayerCall) -> [Tensor] {
        guard let places = try? places(call.arguments) else { return inputs }
        let query = inputs[places.query]
        let q = project(query, "query", keyWidth, call)
        let k = project(inputs[places.key], "key", keyWidth, call)
        let v = project(inputs[places.value], "value", valueWidth, call)
        var scores = (q * (1 / Double(keyWidth).squareRoot())).matmul(k, transposeB: true)
        let mask = mask(inputs, places, call)
        if let mask {
            // Keras 2 adds to what may not be looked at, Keras 3 replaces it, which passes no gradient.
            scores =
                common.version == .keras2
                ? scores + AttentionMask.bias(mask) : mask.select(scores, AttentionMask.bias(mask))
        }
        var weights = scores.softmax()
        // Where no step may be looked at, the mean of all is taken; Keras 3 takes zeros in a layer with dropout.
        if let mask, common.version == .keras3, dropout > 0 {
            weights = mask.select(weights, call.builder.constant(0, shape: weights.shape))
        }
        if call.isTraining { weights = weights.dropped(dropout, weights.shape.dimensions, call) }
        // All heads of a step side by side again.
        let (batch, time) = (query.shape[0], query.shape[1])
        let joined = weights.matmul(v).transposed([0, 2, 1, 3]).reshape(to: [batch * time, heads * valueWidth])
        let kernel = call["attention_output/kernel"]
        let width = kernel.shape[2]
        var y = joined.matmul(kernel.reshape(to: [heads * valueWidth, width]))
        if useBias { y = y + call["attention_output/bias"] }
        return [y.reshape(to: [batch, time, width])]
    }

    /// The projections of all heads, [batch, heads, time, width].
    private func project(_ x: Tensor, _ part: String, _ width: Int, _ call: LayerCall) -> Tensor {
        let (batch, time, features) = (x.shape[0], x.shape[1], x.shape[2])
        let kernel = call["\(part)/kernel"].reshape(to: [features, heads * width])
        var y = x.reshape(to: [batch * time, features]).matmul(kernel)
        if useBias { y = y + call["\(part)/bias"].reshape(to: [heads * width]) }
        return y.reshape(to: [batch, time, heads, width]).transposed([0, 2, 1, 3])
    }

    /// Where a head may look, [batch or 1, heads or 1, query steps, value steps]; nil: everywhere.
    private func mask(_ inputs: [Tensor], _ places: Places, _ call: LayerCall) -> Tensor? {
        func expanded(_ mask: Tensor?, _ axes: [Int]) -> Tensor? {
            axes.reduce(mask) { $0?.expandDimensions(at: $1) }
        }
        let (queries, keys) = (inputs[places.query].shape[1], inputs[places.value].shape[1])
        let isCausal = (try? call.arguments.flag("use_causal_mask")) == true
        let given = places.mask.map { inputs[$0] .!= 0 }
        return AttentionMask.joined([
            expanded(call.masks[places.query], [1, 3]), expanded(call.masks[places.value], [1, 1]),
            places.key == places.value ? nil : expanded(call.masks[places.key], [1, 1]),
            isCausal ? AttentionMask.causal(call.builder, queries: queries, keys: keys).expandDimensions(at: 1) : nil,
            given?.rank == 3 ? given?.expandDimensions(at: 1) : given,
        ])
    }
}
