import Estimator
import Formats
import Graph
import Testing

extension Metric {
    /// The metric's value after these steps of tensors.
    func value(_ steps: [[NDArray]]) throws -> Double {
        var accumulator = makeAccumulator()
        for step in steps { try accumulator.update(leavingDevice(step)) }
        return accumulator.value
    }

    /// What leaves the device of one step's tensors.
    func leavingDevice(_ step: [NDArray]) throws -> [HostTensor] {
        guard let onDevice else {
            return try step.map { array in
                let dtype = try #require(DType(rawValue: array.type.rawValue))
                return HostTensor(name: "t", type: TensorType(dtype, Shape(array.shape)), bytes: array.bytes)
            }
        }
        let builder = GraphBuilder()
        let made = onDevice(try step.map { try builder.infeed($0) })
        let program = try builder.finish(outfeed: made.enumerated().map { (name: "\($0.offset)", value: $0.element) })
        let outfeed = try ProgramRun(program, on: .reference).step(step).outfeed
        return try made.indices.map { HostTensor(try #require(outfeed["\($0)"])) }
    }
}
