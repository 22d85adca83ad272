import API
package import HTTP
import HTTPTypes
package import Jobs
package import Logging
package import Reactor
package import Store
import Synchronization

/// What the endpoints and the supervisor share.
package final class Services: Sendable {
    /// What is known of every job.
    package let store: JobStore
    /// Where jobs are supervised and changed. One of those that requests are served on, or the only one.
    package let reactor: EventLoop
    /// What time it is; its monotonic part is the reactor's.
    package let clock: DaemonClock
    /// The configuration that holds now.
    package let configuration: LiveConfiguration
    /// The simulated TPU system.
    package let pod: Pod
    /// Checks and plans specifications.
    package let checker: any SpecificationChecker
    /// Makes files of ONNX.
    package let exporter: ModelExporter
    /// What was checked before.
    package let accepted = AcceptedSpecifications()
    /// Where the daemon is in its life.
    package let phase = PhaseSwitch()
    /// Counts for `GET /metrics`.
    package let counters = Counters()
    /// Answered requests, for `GET /metrics`.
    package let requests = RequestCounts()
    /// The requests that wait for something to happen.
    package let waiting: WaitingRequests
    /// What was read of jobs and holds.
    package let known: KnownJobs
    /// Reads jobs as the API shows them.
    let reader: JobReader
    /// The files that are open for answers.
    package let files: OpenFiles
    /// Who asks, and whether it may.
    package let access: Access
    /// What the HTTP server counts.
    package let http = ServerFigures()
    /// What is recorded of checkpoints, and what lies in the folders.
    package let checkpoints: CheckpointCustody
    /// How far the running jobs are.
    package let progress = ProgressBoard()
    /// Why the queued jobs wait.
    package let pending = PendingBoard()
    /// The states of the pod's hosts.
    package let hosts: HostBoard
    /// Whether the store takes commits.
    package let storeHealth = StoreHealth()
    /// Errors that come again and again.
    package let repeated: RepeatedErrors
    /// Where the daemon's own log goes.
    package let log: Logger
    /// How many of its lines were dropped.
    let droppedLogLines: @Sendable () -> Int
    private let ids: Mutex<JobIDSequence>

    /// - Parameters:
    ///   - reactor: Where jobs are supervised and changed, and requests served.
    ///   - others: Where requests are served besides. Default nowhere.
    ///   - exportProgram: What export processes run. Default this program itself.
    ///   - newest: The newest job's id in the store: ids go on after it.
    ///   - hosts: The states of hosts in the store; default all are UP.
    ///   - access: Default everybody may do everything.
    package init(
        store: JobStore, reactor: EventLoop, others: [EventLoop] = [], clock: DaemonClock,
        configuration: LiveConfiguration, pod: Pod,
        checker: any SpecificationChecker, exportProgram: WorkerProgram = .export, newest: JobID?,
        hosts: [Int: HostState] = [:],
        files: OpenFiles = OpenFiles(), access: Access = .open, log: Logger,
        droppedLogLines: @escaping @Sendable () -> Int = { 0 }
    ) {
        self.store = store
        self.reactor = reactor
        self.clock = clock
        self.configuration = configuration
        self.pod = pod
        self.hosts = HostBoard(pod, states: hosts)
        self.checker = checker
        exporter = ModelExporter(reactor: reactor, program: exportProgram, configuration: configuration, log: log)
        self.log = log
        self.droppedLogLines = droppedLogLines
        repeated = RepeatedErrors(log: log)
        self.files = files
        self.access = access
        let known = KnownJobs()
        self.known = known
        // Before anything is read: whatever is kept has to hear of every commit.
        store.whenJobsChange { known.note($0) }
        let reader = JobReader(store: store, known: known, pending: pending, progress: progress, clock: clock)
        self.reader = reader
        let phase = phase
        let waiting = WaitingRequests([reactor] + others) { reactor in
            .init(
                reactor: reactor, changes: Self.longPolls(reactor, reader, phase, log),
                logs: Self.followedLogs(reactor, store, phase, log),
                events: FollowedEvents(reactor: reactor, store: store) { topic, error in
                    log.warning("events of \(topic) can't be followed: \(error)")
                })
        }
        self.waiting = waiting
        store.whenEventsCommit { waiting.eventsCommitted($0) }
        checkpoints = CheckpointCustody(store: store, clock: clock, log: log) { waiting.jobChanged($0) }
        ids = Mutex(JobIDSequence(after: newest))
    }

    /// The id of a job that is submitted now.
    package func nextID(at now: Timestamp) -> JobID {
        ids.withLock { ids in
            var generator = SystemRandomNumberGenerator()
            return ids.next(at: now, using: &generator)
        }
    }

    /// The absolute path of a job's folder.
    package func modelDirectory(_ job: JobRecord) -> String { "\(store.path)/\(job.modelDir)" }

    /// Logs an error, at most once a minute for each kind.
    package func complain(_ kind: String, _ message: @autoclosure () -> String) {
        repeated.error(kind, at: clock.monotonic.now(), message())
    }

    /// Tells who waits that a job has changed; a final state ends followed logs, too.
    package func announce(_ job: JobRecord) {
        waiting.jobChanged(job.id)
        waiting.logGrew(job.id)
    }

    // MARK: Those who wait

    private static func longPolls(
        _ reactor: EventLoop, _ reader: JobReader, _ phase: PhaseSwitch, _ log: Logger
    ) -> LongPolls {
        LongPolls(
            reactor: reactor,
            source: .init(
                look: { try await reader.job($0) },
                response: { record in
                    var response = try await reader.response(record)
                    response.fields[.cacheControl] = CacheControl.asks.rawValue
                    return response
                },
                problem: { error in
                    if Problem.of(error) == nil { log.error("a long poll failed: \(error)") }
                    return (Problem.of(error) ?? .internalFault).response
                }, isDraining: { phase.phase == .draining }))
    }

    private static func followedLogs(
        _ reactor: EventLoop, _ store: JobStore, _ phase: PhaseSwitch, _ log: Logger
    ) -> FollowedLogs {
        FollowedLogs(
            reactor: reactor,
            source: .init(
                look: { id in
                    guard let record = try await store.job(id) else { return nil }
                    return ("\(store.path)/\(record.modelDir)", record.state.isFinal || phase.phase == .draining)
                },
                failed: { log.warning("the log of job \($0) can't be followed: \($1)") }))
    }
}
