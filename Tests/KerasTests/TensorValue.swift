import Executor
import Formats
import Graph
import Testing

/// What a function of one tensor gives, by the reference executor.
struct TensorValue {
    let shape: [Int]
    let numbers: [Float]

    /// Evaluates the function of these numbers.
    init(_ numbers: [Float], shape: [Int], _ function: (Tensor) -> Tensor) throws {
        let builder = GraphBuilder()
        let type = TensorType(.float32, Shape(shape))
        let bytes = numbers.withUnsafeBytes { Array($0) }
        let result = function(builder.constant(Literal(type: type, bytes: bytes)))
        let variable = builder.variable("result", shape: result.shape, initializer: .zeros, isTrainable: false)
        variable.assign(result)
        let executor = try ReferenceExecutor(program: try builder.finish(), options: ExecutorOptions(replicas: 1))
        _ = try executor.run(iterations: 1)
        self.shape = result.shape.dimensions
        self.numbers = try executor.read(variable: "result").withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }

    /// Expects these numbers within a millionth.
    func expect(_ expected: [Double], _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation) {
        let isNear =
            numbers.count == expected.count
            && zip(numbers, expected).allSatisfy { abs(Double($0) - $1) <= 1e-6 * max(1, abs($1)) }
        #expect(isNear, "\(numbers), expected \(expected) \(comment ?? "")", sourceLocation: sourceLocation)
    }
}
