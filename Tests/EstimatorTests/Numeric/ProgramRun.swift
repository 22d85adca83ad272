import Estimator
import Executor
import Formats
import Graph
import Testing

/// An executor that the suites of this target run on. A new one is one line in `all`.
struct ExecutorUnderTest: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let make: @Sendable (Program, ExecutorOptions) throws -> any ProgramExecutor

    static let reference = ExecutorUnderTest(testDescription: "reference") {
        try ReferenceExecutor(program: $0, options: $1)
    }

    static let lanes = ExecutorUnderTest(testDescription: "lanes") {
        try LaneExecutor(program: $0, options: $1)
    }

    static let all = [reference, lanes]

    /// Options of an estimator on this executor.
    func execution(hosts: Int? = nil, threads: Int = 1) -> ExecutionOptions {
        var options = ExecutionOptions(threads: threads)
        options.makeExecutor = make
        options.hosts = hosts
        return options
    }
}

/// Runs a program step by step, each step's input given as arrays of the whole global batch.
struct ProgramRun {
    let executor: any ProgramExecutor

    init(_ program: Program, on under: ExecutorUnderTest, replicas: Int = 1) throws {
        executor = try under.make(try Passes.optimize(program), ExecutorOptions(replicas: replicas))
    }

    /// One step; gives core 0's loss and what was handed out by name.
    @discardableResult
    func step(_ inputs: [NDArray]) throws -> (loss: Float?, outfeed: [String: OutfeedQueue.Tensor]) {
        if !executor.program.infeed.isEmpty {
            _ = try executor.infeed.fill(host: 0) { buffers in
                for (buffer, array) in zip(buffers, inputs) {
                    try #require(buffer.count == array.bytes.count)
                    buffer.copyBytes(from: array.bytes)
                }
                return true
            }
        }
        let result = try executor.run(iterations: 1)
        try #require(result.stepsRun == 1 && result.notFinite == nil)
        let outfeed = try executor.outfeed?.dequeue() ?? []
        return (
            result.lossOfCoreZero.map { Float($0) }, Dictionary(uniqueKeysWithValues: outfeed.map { ($0.name, $0) })
        )
    }

    /// A variable's elements.
    func variable(_ name: String) throws -> [Float] {
        try executor.read(variable: name).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }
}

extension GraphBuilder {
    /// A variable that starts as an array.
    func variable(_ name: String, _ array: NDArray, isTrainable: Bool = true) throws -> GraphVariable {
        let dtype = try #require(DType(rawValue: array.type.rawValue))
        let type = TensorType(dtype, Shape(array.shape))
        return variable(
            name, shape: type.shape, dtype: dtype, initializer: .literal(Literal(type: type, bytes: array.bytes)),
            isTrainable: isTrainable)
    }

    /// One core's share of an array of the global batch.
    func infeed(_ array: NDArray, cores: Int = 1) throws -> Tensor {
        let dtype = try #require(DType(rawValue: array.type.rawValue))
        return infeed(TensorType(dtype, Shape([array.shape[0] / cores] + array.shape.dropFirst())))
    }
}
