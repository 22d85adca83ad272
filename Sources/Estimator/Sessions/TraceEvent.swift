/// What the parts of an estimator report.
package enum TraceEvent: Sendable, Hashable {
    /// A log line.
    case log(level: LogLevel, text: String)
    /// The infeed's or outfeed's worker is about to run its operations for this iteration of this signal, both counted
    /// from 0. TensorFlow logs this at debug level.
    case iteration(FeedKind, loop: Int, iteration: Int32)
    /// A variable was created.
    case createVariable(HostVariable)
    /// A variable was read through the session.
    case readVariable(name: String, value: Int64)
    /// A variable was given a value through the session.
    case loadVariable(name: String, value: Int64)
    /// The operation that initialises the accelerator system of a job was made; nil: no job.
    case createInitializeOperation(job: String?)
    /// The operation that shuts the accelerator system of a job down was made; nil: no job.
    case createShutdownOperation(job: String?)
    /// A session ran operations; the limit is there if one was given.
    case sessionRun(fetches: [String], timeoutMilliseconds: Int?)
    /// A session was closed.
    case sessionClose
    /// A controller started its worker.
    case startThread(FeedKind)
    /// A controller is joined.
    case join(FeedKind)
    /// A number was put into the queue of a controller, other than by joining.
    case signal(FeedKind, Int32)
    /// A run ends by a fault of this step, counted from 1; the host is the infeed's.
    case fault(step: Int, source: RunFault.Source, host: Int?)
    /// Something was built.
    case build(BuildEvent)
}
