import Formats
import Graph
import OrderedCollections

/// A recurrent layer forwards and one backwards over the same rows, their outputs joined (Keras: `Bidirectional`). The backward
/// layer's steps are turned round before that.
struct BidirectionalLayer: UnaryLayer {
    static let className = "Bidirectional"

    /// How both outputs become one.
    private enum Mode: String, CaseIterable {
        case concatenate = "concat"
        case sum
        case product = "mul"
        case average = "ave"
    }

    let common: LayerHeader
    private let mode: Mode
    private let forward: RecurrentLayer
    private let backward: RecurrentLayer
    private let backwardPart: String

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        self.common = common
        let mode = reader.choice("merge_mode", of: Mode.self)
        let isSeparate = reader.members["merge_mode"]?.isNull == true
        if isSeparate {
            reader.fault("merge_mode", "null, for two outputs, is not supported yet", code: SpecError.notSupported)
        }
        reader.notSupported("weights")
        let forward = BidirectionalLayer.read(reader, "layer", in: common)
        let hasOwn = reader.has("backward_layer")
        let backward = hasOwn ? BidirectionalLayer.read(reader, "backward_layer", in: common) : forward?.turned()
        guard !isSeparate, let forward, let backward else { return nil }
        guard forward.goesBackwards != backward.goesBackwards else {
            reader.fault(
                "backward_layer", "must go in the other direction than layer: one of both has \"go_backwards\": true")
            return nil
        }
        guard forward.returnsSequences == backward.returnsSequences else {
            reader.fault("backward_layer", "must have the same return_sequences as layer")
            return nil
        }
        self.mode = mode ?? .concatenate
        self.forward = forward.asDirection()
        self.backward = backward.asDirection()
        backwardPart =
            hasOwn
            ? "backward_\(backward.name.without(prefix: "backward_"))"
            : "backward_\(forward.name.without(prefix: "forward_"))"
    }

    private static func read(_ reader: ObjectReader, _ name: String, in common: LayerHeader) -> RecurrentLayer? {
        guard let layer = LayerReader.inner(reader, name, in: common) else { return nil }
        if let recurrent = layer as? RecurrentLayer { return recurrent }
        reader.fault(
            name, "\(layer.common.className) is not supported: expected SimpleRNN, LSTM or GRU",
            code: SpecError.notSupported)
        return nil
    }

    private var forwardPart: String { "forward_\(forward.name.without(prefix: "forward_"))" }

    var masking: Masking { forward.returnsSequences ? .passes : .drops }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        let plans = (try forward.plan(input), try backward.plan(input))
        var shape = plans.0.outputs[0]
        let other = plans.1.outputs[0]
        if mode == .concatenate {
            shape[shape.count - 1] = shape[shape.count - 1].addingSaturated(other[other.count - 1])
        } else if shape != other {
            throw SpecError(
                pointer,
                "\(name) (Bidirectional) can't join rows of shape \(shape) and of shape \(other) by \(mode.rawValue): expected "
                    + "the same units")
        }
        return LayerPlan(
            shape,
            variables: plans.0.variables.map { $0.inside(forwardPart, isTrainable: forward.common.isTrainable) }
                + plans.1.variables.map { $0.inside(backwardPart, isTrainable: backward.common.isTrainable) },
            numbers: plans.0.numbers.addingSaturated(plans.1.numbers).addingSaturated(
                shape.saturatedProduct.multipliedSaturated(by: 2)))
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        let a = call.run(forward, at: forwardPart, [x], masks: call.masks).outputs[0]
        var b = call.run(backward, at: backwardPart, [x], masks: call.masks).outputs[0]
        if forward.returnsSequences { b = b.reversed(axes: [1]) }
        switch mode {
        case .concatenate: return call.builder.concatenate([a, b], axis: -1)
        case .sum: return a + b
        case .product: return a * b
        case .average: return (a + b) / 2
        }
    }
}

extension String {
    /// The string without these characters in front, where it has them.
    fileprivate func without(prefix: String) -> String { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self }
}
