import API
import Dispatch
import Glibc
package import HTTP
import HTTPTypes
import Jobs
package import Logging
import Reactor
import ServiceLifecycle
import Store
import Synchronization

/// The daemon as one service: opens its state, takes up what was left, listens, and drains when it is told to stop.
package final class TrainingDaemon: Service {
    /// What a daemon is made of besides its configuration.
    package struct Parts: Sendable {
        /// Reads all sources of the configuration anew; at SIGHUP.
        package var reload: @Sendable () throws(ConfigurationError) -> Configuration
        /// The program that workers run.
        package var program: WorkerProgram
        /// The program that checks of specifications run.
        package var checkProgram: WorkerProgram
        /// What time it is.
        package var clock: DaemonClock
        /// Tells systemd.
        package var notifier: ServiceNotifier
        /// Sets the level of the daemon's log.
        package var setLogLevel: @Sendable (Logger.Level) -> Void
        /// Where the daemon's log goes.
        package var log: Logger
        /// How many lines of it were dropped.
        package var droppedLogLines: @Sendable () -> Int
        /// Writes a line beside the log's own, without waiting: an access log without a file.
        package var writeLine: @Sendable (String) -> Void
        /// Descriptors that systemd hands over, which are listened on in place of `listen` and `socket`; none without.
        package var inherited: [Int32]

        /// Makes it of its members.
        package init(
            reload: @escaping @Sendable () throws(ConfigurationError) -> Configuration, program: WorkerProgram,
            checkProgram: WorkerProgram, clock: DaemonClock = .system, notifier: ServiceNotifier,
            setLogLevel: @escaping @Sendable (Logger.Level) -> Void, log: Logger,
            droppedLogLines: @escaping @Sendable () -> Int = { 0 },
            writeLine: @escaping @Sendable (String) -> Void = { _ in }, inherited: [Int32] = []
        ) {
            self.inherited = inherited
            self.writeLine = writeLine
            self.reload = reload
            self.program = program
            self.checkProgram = checkProgram
            self.clock = clock
            self.notifier = notifier
            self.setLogLevel = setLogLevel
            self.log = log
            self.droppedLogLines = droppedLogLines
        }
    }

    let configuration: Configuration
    let parts: Parts
    private let reloads: AsyncStream<Void>
    private let askForReload: AsyncStream<Void>.Continuation
    private let whenListening: @Sendable ([ListenAddress]) -> Void

    /// - Parameter whenListening: Told the addresses, with the ports that the kernel chose, once jobs are taken.
    package init(
        _ configuration: Configuration, parts: Parts,
        whenListening: @escaping @Sendable ([ListenAddress]) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.parts = parts
        self.whenListening = whenListening
        (reloads, askForReload) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Reads the configuration again, soon. From anywhere.
    package func reload() { askForReload.yield() }

    /// Runs until the service group shuts down gracefully, then drains.
    /// - Throws: ``DaemonError`` when it can't start.
    package func run() async throws {
        parts.notifier.send(.status("starting"))
        let group: ReactorGroup
        do throws(SystemError) {
            group = try ReactorGroup(configuration.reactors, clock: parts.clock.monotonic)
        } catch {
            throw DaemonError.system(error)
        }
        let result = await Task(executorPreference: group.first) { [self] in try await serve(group.reactors) }.result
        group.stop()
        try result.get()
    }

    /// Serves on these reactors. On the first of them.
    private func serve(_ reactors: [EventLoop]) async throws {
        let budget = descriptorBudget()
        let services = try await makeServices(reactors, budget)
        let supervisor = Supervisor(services: services, program: parts.program)
        let secret = try await makeWebhookSecret(in: services.store)
        let deliverer = WebhookDeliverer(services: services, secret: secret)
        let accessLog = try await makeAccessLog()
        let server = try makeServer(services, supervisor, reactors, budget, accessLog)
        let addresses: [ListenAddress]
        do throws(SystemError) {
            addresses = try await server.start()
        } catch {
            try? services.store.close()
            throw DaemonError.listen(error)
        }
        services.phase.advance(to: .serving)
        supervisor.wake()
        deliverer.wake()
        parts.log.notice("serving pod \(services.pod.name) on \(addresses.map(\.words).joined(separator: ", "))")
        parts.notifier.send(.ready, .status("serving on \(addresses.map(\.words).joined(separator: ", "))"))
        whenListening(addresses)
        beginUpkeep(services, server, reactors)
        await untilShutdown(services, supervisor, server) { [self] in
            await lookAt(secret, services)
            await reopen(accessLog)
        }
        try await drain(services, supervisor, server, deliverer)
        accessLog?.flush(within: .seconds(2))
    }

    // MARK: Start

    private func descriptorBudget() -> DescriptorBudget {
        let limit = DescriptorBudget.raisedLimit()
        let wanted = configuration.maxConnections
        let budget = DescriptorBudget(limit: limit, workers: configuration.workers, wanted: wanted)
        if budget.connections < wanted {
            parts.log.warning(
                "max_connections is \(budget.connections) instead of \(wanted): the process may have \(limit) descriptors, of which \(DescriptorBudget.reserve(workers: configuration.workers)) are kept for jobs and files (ulimit -n, LimitNOFILE)"
            )
        }
        return budget
    }

    private func makeServices(_ reactors: [EventLoop], _ budget: DescriptorBudget) async throws -> Services {
        let reactor = reactors[0]
        let access = try await makeAccess()
        let folder = try StateFolderPath.make(configuration.stateDirectory)
        let log = parts.log
        let store = try await DiskWork.run {
            do throws(StoreError) {
                return try JobStore(
                    folder: folder, tell: { notice in log.error("\(notice)") },
                    onThread: { ThreadPool.stepBack(DiskWork.niceness) })
            } catch { throw DaemonError.store(error) }
        }
        let live = LiveConfiguration(configuration.absolute())
        tellMissingDataRoots(live.current)
        tellUnusablePrograms(live.current)
        let services = Services(
            store: store, reactor: reactor, others: Array(reactors.dropFirst()), clock: parts.clock,
            configuration: live, pod: configuration.pod,
            checker: CheckPool(
                reactor: reactor, program: parts.checkProgram, configuration: live, jobsFolder: "\(folder)/jobs",
                log: parts.log),
            newest: try await store.newestJobID(), hosts: try await store.hostStates(),
            files: OpenFiles(limit: budget.files), access: access, log: parts.log,
            droppedLogLines: parts.droppedLogLines)
        // Before the attempts are ended: what their workers wrote and could not tell belongs to them.
        await services.checkpoints.reconcileAll()
        try await recover(store)
        await endDeletions(store)
        return services
    }

    private func tellMissingDataRoots(_ configuration: Configuration) {
        for path in configuration.missingDataRoots {
            parts.log.warning("the data root \(path) is not a folder: jobs can't name files there")
        }
    }

    private func tellUnusablePrograms(_ configuration: Configuration) {
        for (name, detail) in configuration.unusablePrograms {
            parts.log.warning("the program \(name) can't be started: \(detail)")
        }
    }

    private func makeServer(
        _ services: Services, _ supervisor: Supervisor, _ reactors: [EventLoop], _ budget: DescriptorBudget,
        _ accessLog: AccessLog?
    ) throws -> Server {
        let inherited = try inheritedSockets()
        var server = ServerConfiguration(listen: inherited.isEmpty ? configuration.listenAddresses : [])
        server.inherited = inherited
        let listen = server.listen + inherited.map(\.address)
        server.limits.body = configuration.maxBodyBytes
        // One body finds room beside all those of another client.
        server.limits.bodiesTogether = max(server.limits.bodiesTogether, 2 * configuration.maxBodyBytes)
        server.limits.bodiesPerClient = server.limits.bodiesTogether / 2
        server.limits.connections = budget.connections
        server.limits.connectionsPerClient = configuration.connectionsPerClient
        server.files = DiskWork.pool
        server.figures = services.http
        server.timeouts.head = .seconds(configuration.headerTimeout)
        server.timeouts.body = .seconds(configuration.bodyTimeout)
        server.timeouts.idle = .seconds(configuration.idleTimeout)
        server.timeouts.minimumReadRate = configuration.minReadRate
        server.hosts = HostPolicy(names: configuration.allowedHosts, listen: listen)
        server.hostHint = "the setting allowed_hosts lists the names that it answers for besides this machine's own"
        for address in listen where !address.isLocal {
            parts.log.warning(
                "other machines reach \(address.words): whoever sees what is sent there has the tokens, unless a proxy with TLS is in front"
            )
        }
        server.fields = [.server: "tpud/\(Build.number)"]
        server.problem = Problem.response
        let log = parts.log
        server.log = { event in log.record(event) }
        server.observe = { [requests = services.requests] exchange in requests.count(exchange) }
        if let accessLog { server.finished = { accessLog.record($0) } }
        return Server(server, reactors: reactors) { reactor in
            Endpoints(services: services, supervisor: supervisor, on: reactor).router
        }
    }

    // MARK: Life

    /// Reads the configuration again whenever it is asked to; returns when the daemon is to end.
    private func untilShutdown(
        _ services: Services, _ supervisor: Supervisor, _ server: Server,
        andThen: @escaping @Sendable () async -> Void
    ) async {
        await cancelWhenGracefulShutdown { [self] in
            for await _ in reloads {
                swap(services, supervisor)
                await lookAtTokens(services, server)
                await andThen()
                parts.notifier.send(.ready, .status("serving"))
            }
        }
    }

    private func swap(_ services: Services, _ supervisor: Supervisor) {
        let now = services.reactor.clock.now().nanoseconds / 1_000
        parts.notifier.send(.reloading(monotonicMicroseconds: now), .status("reading its configuration"))
        do throws(ConfigurationError) {
            let (merged, restart) = services.configuration.current.reloaded(with: try parts.reload().absolute())
            services.configuration.replace(with: merged)
            parts.setLogLevel(merged.logLevel)
            tellMissingDataRoots(merged)
            tellUnusablePrograms(merged)
            for key in restart { parts.log.warning("\(key) has changed, which needs a restart") }
            parts.log.notice("the configuration was read again")
            for driver in supervisor.drivers.values { driver.changeLimits(to: .init(merged)) }
            supervisor.wake()
        } catch {
            parts.log.error("the configuration stays as it was: \(error.description)")
        }
    }

    /// Refuses new jobs, lets running ones write a checkpoint and go back to the queue, answers what is being asked,
    /// and closes everything.
    private func drain(
        _ services: Services, _ supervisor: Supervisor, _ server: Server, _ deliverer: WebhookDeliverer
    ) async throws {
        let reactor = services.reactor
        let limit = services.configuration.current.drainTimeout
        let deadline = reactor.clock.now() + .seconds(limit)
        services.phase.advance(to: .draining)
        parts.notifier.send(.stopping, .status("draining"))
        parts.log.notice("draining: \(supervisor.workers) workers")
        services.checker.close()
        services.waiting.lookAtAll()
        // A second is kept for the connections.
        await supervisor.drain(until: reactor.clock.now() + .seconds(max(0.1, limit - 1)))
        await deliverer.close(until: min(deadline, reactor.clock.now() + .seconds(2)))
        // Clients go on with the number that they saw last.
        await services.waiting.endEvents()
        await server.drain(deadline: min(deadline.since(reactor.clock.now()), .seconds(2)))
        await forgetStarts(in: services.store.path)
        try await DiskWork.run {
            do throws(StoreError) { try services.store.close() } catch { throw DaemonError.store(error) }
        }
        parts.log.notice("drained")
    }
}
