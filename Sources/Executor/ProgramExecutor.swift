package import Graph

/// Runs one core's program on simulated cores.
///
/// One thread calls `run`, `write` and `read`, one at a time; the queues and `requestStop` may be used from any.
package protocol ProgramExecutor: AnyObject, Sendable {
    /// Plans the program and fills its variables from their initializers with `options.seed`.
    init(program: Program, options: ExecutorOptions) throws(ExecutorError)

    /// What it runs.
    var program: Program { get }

    /// Input: one slot a step with every core's elements.
    var infeed: InfeedQueue { get }

    /// Output: one slot a step; nil when the program hands nothing out.
    var outfeed: OutfeedQueue? { get }

    /// Sets a variable on all cores; row-major bytes of its type. Throws `unknownVariable`, `sizeMismatch`.
    func write(variable: String, bytes: [UInt8]) throws(ExecutorError)

    /// Replica 0's value of a variable; row-major bytes of its type. Throws `unknownVariable`.
    func read(variable: String) throws(ExecutorError) -> [UInt8]

    /// Runs steps without coming back in between. Ends early at the end of input, at a stop request and after a step
    /// that gave a non-finite value. Programs without infeed run all steps. Throws when a host failed to fill
    /// the next slot (``InfeedFault``), when the outfeed was closed with an error (that error) or a kernel failed; variables
    /// then hold the last whole step's values.
    func run(iterations: Int) throws -> LoopResult

    /// Asks the running loop, or the next one when none runs, to end at the coming step boundary; waits for input and
    /// for room in the outfeed count as one. One request ends one run.
    func requestStop()
}
