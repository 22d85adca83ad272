/// Initialises the accelerator system, tells infeed and outfeed before each run how many iterations it has, and in the
/// end joins both and shuts the system down (TensorFlow: `TPUInfeedOutfeedSessionHook`).
package final class InfeedOutfeedSessionHook: SessionHook {
    /// How long the initialisation of the system may take: five minutes.
    package static let initializationTimeoutMilliseconds = 300_000

    /// The job whose system is used; nil: local, no job.
    package let masterJob: String?

    /// What one iteration of the infeed runs.
    package let enqueueOperations: [SessionOperation]

    /// What one iteration of the outfeed runs; nil: without outfeed; empty: with an outfeed that runs nothing.
    package let dequeueOperations: [SessionOperation]?

    /// The infeed of the newest session; nil: none was started.
    package private(set) var infeed: FeedController?

    /// The outfeed of the newest session; nil: none was started.
    package private(set) var outfeed: FeedController?

    private let wrapsInputIntoWhileLoop: Bool
    private let tracer: EventTracer
    private var iterations = HostVariable.iterationsPerLoop
    private let initialize: SessionOperation
    private let shutdown: SessionOperation

    /// A hook for the TPU system of a context. The job is resolved here.
    ///
    /// - Throws: what `TPUContext.masterJob` throws.
    package init(
        context: TPUContext,
        enqueueOperations: [SessionOperation],
        dequeueOperations: [SessionOperation]? = nil,
        wrapsInputIntoWhileLoop: Bool = false,
        tracer: EventTracer = .silent
    ) throws(EstimatorError) {
        let job = try context.masterJob
        masterJob = job
        self.enqueueOperations = enqueueOperations
        self.dequeueOperations = dequeueOperations
        self.wrapsInputIntoWhileLoop = wrapsInputIntoWhileLoop
        self.tracer = tracer
        initialize = .initializeSystem(job: job)
        shutdown = .shutdownSystem(job: job)
    }

    /// Gets or creates the iterations variable and makes the operations that initialise and shut down.
    ///
    /// - Throws: `EstimatorError.iterationsVariableAmbiguous`.
    package func begin(_ scope: VariableScope) throws {
        tracer.log(.info, "TPU job name \(masterJob ?? "None")")
        iterations = try scope.iterationsVariable()
        tracer.record(.createInitializeOperation(job: masterJob))
        tracer.record(.createShutdownOperation(job: masterJob))
    }

    /// Initialises the system and starts the controllers. A session that is created anew gets new ones; the old ones
    /// are not joined.
    ///
    /// - Throws: what initialising throws; then no controller was started. `EstimatorError.threadNotStarted`.
    package func sessionCreated(_ session: any Session) throws {
        tracer.log(.info, "Init TPU system")
        try session.run([initialize], timeoutMilliseconds: Self.initializationTimeoutMilliseconds)
        tracer.log(.info, "Start infeed thread controller")
        infeed = try FeedController(
            kind: .infeed, session: session, operations: enqueueOperations,
            wrapsInputIntoWhileLoop: wrapsInputIntoWhileLoop, tracer: tracer)
        (session as? any FedSession)?.infeed = infeed
        if let dequeueOperations {
            tracer.log(.info, "Start outfeed thread controller")
            outfeed = try FeedController(
                kind: .outfeed, session: session, operations: dequeueOperations, tracer: tracer)
        }
    }

    /// Sends the iterations of the run to infeed and outfeed.
    ///
    /// - Throws: `EstimatorError.variableNotLoaded`.
    package func beforeRun(_ context: SessionRunContext) throws -> [SessionOperation] {
        let count = Int32(clamping: try context.session.variables.read(iterations))
        tracer.log(.info, "Enqueue next (\(count)) batch(es) of data to infeed.")
        infeed?.send(count)
        if let outfeed {
            tracer.log(.info, "Dequeue next (\(count)) batch(es) of data from outfeed.")
            outfeed.send(count)
        }
        return []
    }

    /// Joins infeed, then outfeed, then shuts the system down, even if the infeed failed.
    ///
    /// - Throws: what shutting down throws.
    package func end(_ session: any Session) throws {
        tracer.log(.info, "Stop infeed thread controller")
        infeed?.join()
        if let outfeed {
            tracer.log(.info, "Stop output thread controller")
            outfeed.join()
        }
        tracer.log(.info, "Shutdown TPU system.")
        try session.run([shutdown])
    }
}
