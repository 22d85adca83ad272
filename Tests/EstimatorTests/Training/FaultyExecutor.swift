import Estimator
import Executor
import Graph

/// An executor that fails at one of its calls.
final class FaultyExecutor: WrappingExecutor {
    /// The call that fails.
    enum Call: CaseIterable { case run, read, write }

    static let fault = ExecutorError(.kernelFailed, "the library gave 3")

    let base: ReferenceExecutor
    private let failing: Call?

    convenience init(program: Program, options: ExecutorOptions) throws(ExecutorError) {
        try self.init(program, options, failing: nil)
    }

    init(_ program: Program, _ options: ExecutorOptions, failing: Call?) throws(ExecutorError) {
        base = try ReferenceExecutor(program: program, options: options)
        self.failing = failing
    }

    func write(variable: String, bytes: [UInt8]) throws(ExecutorError) {
        if failing == .write { throw Self.fault }
        try base.write(variable: variable, bytes: bytes)
    }

    func read(variable: String) throws(ExecutorError) -> [UInt8] {
        if failing == .read { throw Self.fault }
        return try base.read(variable: variable)
    }

    func run(iterations: Int) throws -> LoopResult {
        if failing == .run { throw Self.fault }
        return try base.run(iterations: iterations)
    }
}

extension ExecutorUnderTest {
    /// One that fails at a call.
    static func failing(_ call: FaultyExecutor.Call) -> ExecutorUnderTest {
        ExecutorUnderTest(testDescription: "failing \(call)") { try FaultyExecutor($0, $1, failing: call) }
    }
}
