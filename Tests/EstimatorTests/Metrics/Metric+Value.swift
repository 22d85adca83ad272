import Estimator
import Formats
import Graph
import Testing

extension Metric {
    /// The metric's value after these steps of tensors.
    func value(_ steps: [[NDArray]]) throws -> Double {
        var accumulator = makeAccumulator()
        for step in steps {
            try accumulator.update(
                step.map { array in
                    let dtype = try #require(DType(rawValue: array.type.rawValue))
                    return HostTensor(name: "t", type: TensorType(dtype, Shape(array.shape)), bytes: array.bytes)
                })
        }
        return accumulator.value
    }
}
