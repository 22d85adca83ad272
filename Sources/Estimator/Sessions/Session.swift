/// What a training, an evaluation and their hooks run operations with (TensorFlow: `tf.Session`).
///
/// A session is used by several threads at once: the caller runs the device loop while the infeed's worker runs
/// enqueue operations and the outfeed's worker dequeue operations.
public protocol Session: AnyObject, Sendable {
    /// The host variables of this session.
    var variables: SessionVariables { get }

    /// Runs operations, in one call, and gives their values in the same order. Blocks until they are done.
    /// An implementation records `TraceEvent.sessionRun`.
    ///
    /// - Parameters:
    ///   - operations: what is run.
    ///   - timeoutMilliseconds: after how long the call gives up; nil: never.
    /// - Throws: whatever an operation throws.
    @discardableResult
    func run(_ operations: [SessionOperation], timeoutMilliseconds: Int?) throws -> [SessionValue]

    /// Closes the session from any thread: runs that are blocked or still to come fail.
    /// An implementation records `TraceEvent.sessionClose`.
    ///
    /// - Throws: an error of closing.
    func close() throws
}

extension Session {
    /// Runs operations without a time limit.
    ///
    /// - Throws: whatever an operation throws.
    @discardableResult
    public func run(_ operations: [SessionOperation]) throws -> [SessionValue] {
        try run(operations, timeoutMilliseconds: nil)
    }
}

/// A session whose hosts feed on threads of their own, so that the controller of the infeed has to be told when one fails.
package protocol FedSession: Session {
    /// The controller of the infeed, kept alive by whoever started it; nil while there is none.
    var infeed: FeedController? { get set }
}

/// Something that a session can run, by name (TensorFlow: `tf.Operation` or a tensor to be fetched).
public struct SessionOperation: Sendable, Hashable {
    /// The name. A session finds by it what to do.
    package let name: String

    /// The job whose accelerator system is meant; nil: no job, or no such operation.
    package let job: String?

    /// An operation of that name.
    package init(_ name: String) {
        self.init(name: name, job: nil)
    }

    private init(name: String, job: String?) {
        self.name = name
        self.job = job
    }

    /// Fetches core 0's loss of the device loop's last step, as a real number: 1e7 before the first step. In an evaluation: the
    /// mean over the steps so far.
    public static let loss = SessionOperation("loss")

    /// Fetches the global step after the device loop, as a whole number.
    public static let globalStep = SessionOperation("global_step")

    /// The name of the operation that initialises the accelerator system.
    package static let initializeSystemName = "initialize_system"

    /// The name of the operation that shuts the accelerator system down.
    package static let shutdownSystemName = "shutdown_system"

    /// Initialises the accelerator system of a job (`tpu.initialize_system`).
    package static func initializeSystem(job: String?) -> SessionOperation {
        SessionOperation(name: initializeSystemName, job: job)
    }

    /// Shuts the accelerator system of a job down (`tpu.shutdown_system`).
    package static func shutdownSystem(job: String?) -> SessionOperation {
        SessionOperation(name: shutdownSystemName, job: job)
    }
}

/// What an operation gives when it is run.
public enum SessionValue: Sendable, Hashable, CustomStringConvertible {
    /// Nothing: it was run for its effect.
    case none
    /// A whole number.
    case integer(Int64)
    /// A real number.
    case real(Double)

    /// The value as a log line shows it.
    public var description: String {
        switch self {
        case .none: "None"
        case .integer(let value): "\(value)"
        case .real(let value): "\(value)"
        }
    }
}
