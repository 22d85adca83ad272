import Executor
import Graph

/// An executor that does what another one does, but for what it says itself.
protocol WrappingExecutor: ProgramExecutor {
    var base: ReferenceExecutor { get }
}

extension WrappingExecutor {
    var program: Program { base.program }
    var infeed: InfeedQueue { base.infeed }
    var outfeed: OutfeedQueue? { base.outfeed }

    func write(variable: String, bytes: [UInt8]) throws(ExecutorError) {
        try base.write(variable: variable, bytes: bytes)
    }
    func read(variable: String) throws(ExecutorError) -> [UInt8] { try base.read(variable: variable) }
    func requestStop() { base.requestStop() }
}
