import Graph

/// The products of a recurrent layer: those of all inputs at once, and those of each step's state.
final class RecurrentProducts {
    private let units: Int
    /// [batch, time, gates · units], without bias.
    private let inputs: Tensor
    private let kernel: Tensor
    /// What dropout multiplies a state with, for each gate; empty: it does not.
    private let masks: [Tensor]
    // So that all steps read the same nodes.
    private var columns: [Range<Int>: Tensor] = [:]

    /// Multiplies the inputs, whose numbers may be dropped while training: for all gates together, or, as Keras does where
    /// numbers of states are dropped, too, for each gate by itself.
    ///
    /// - Parameters:
    ///   - x: [batch, time, features].
    ///   - part: the path of the kernels below the layer's.
    init(_ x: Tensor, _ settings: RecurrentSettings, part: String, gates: Int, _ call: LayerCall) {
        units = settings.units
        kernel = call["\(part)/recurrent_kernel"]
        let (batch, time, width) = (x.shape[0], x.shape[1], x.shape[2])
        let inputKernel = call["\(part)/kernel"]
        func masks(_ rate: Double, _ extents: [Int], _ count: Int) -> [Tensor] {
            guard call.isTraining, rate > 0 else { return [] }
            return (0..<count).map { _ in call.builder.constant(1, shape: Shape(extents)).dropped(rate, extents, call) }
        }
        let isByGate = settings.recurrentDropout > 0
        let inputMasks = masks(settings.dropout, [batch, 1, width], isByGate ? gates : 1)
        func product(_ x: Tensor, _ kernel: Tensor) -> Tensor {
            x.reshape(to: [batch * time, width]).matmul(kernel).reshape(to: [batch, time, kernel.shape[1]])
        }
        if inputMasks.count > 1 {
            let units = settings.units
            inputs = call.builder.concatenate(
                inputMasks.enumerated().map { gate, mask in
                    product(x * mask, inputKernel.slice((gate * units)..<((gate + 1) * units), axis: 1))
                }, axis: 2)
        } else {
            inputs = product(inputMasks.first.map { x * $0 } ?? x, inputKernel)
        }
        self.masks = masks(settings.recurrentDropout, [batch, units], gates)
    }

    /// The inputs' products, [batch, time, gates · units]: with a bias, which all steps have.
    func steps(bias: Tensor?) -> [Tensor] {
        let biased = bias.map { inputs + $0 } ?? inputs
        let (batch, width) = (inputs.shape[0], inputs.shape[2])
        return (0..<inputs.shape[1]).map { biased.slice($0..<($0 + 1), axis: 1).reshape(to: [batch, width]) }
    }

    /// A state's product for some gates, [batch, gates · units].
    func callAsFunction(_ state: Tensor, gates: Range<Int>) -> Tensor {
        guard !masks.isEmpty else { return state.matmul(kernel(gates)) }
        let parts = gates.map { (state * masks[$0]).matmul(kernel($0..<($0 + 1))) }
        return parts.count == 1 ? parts[0] : state.builder.concatenate(parts, axis: 1)
    }

    private func kernel(_ gates: Range<Int>) -> Tensor {
        if let known = columns[gates] { return known }
        let range = (gates.lowerBound * units)..<(gates.upperBound * units)
        let part = range == 0..<kernel.shape[1] ? kernel : kernel.slice(range, axis: 1)
        columns[gates] = part
        return part
    }
}

extension Tensor {
    /// The part of one gate of [batch, gates · units].
    func gate(_ gate: Int, _ units: Int) -> Tensor { slice((gate * units)..<((gate + 1) * units), axis: 1) }
}
