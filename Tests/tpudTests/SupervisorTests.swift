import Daemon
import Formats
import Foundation
import HTTP
import Jobs
import Logging
import Reactor
import Store
import Synchronization
import Testing
import WorkerProtocol

/// The supervisor over a real store and real workers, in this process: what happens when the store fails.
@Suite struct SupervisorTests {
    /// Commits that fail from now on.
    private final class Faults: Sendable {
        let left = Atomic(0)
        let seen = Atomic(0)

        func check(_ step: StoreStep) throws(StoreError) {
            guard step == .commit, left.load(ordering: .relaxed) > 0 else { return }
            left.subtract(1, ordering: .relaxed)
            seen.add(1, ordering: .relaxed)
            throw .diskFull
        }
    }

    private static func job(_ id: JobID, steps: Int) -> NewJob {
        var job = NewJob(
            id: id, name: "test", mode: .train, owner: "anonymous", modelDir: "jobs/\(id)",
            createdAt: DaemonClock.system.wall(), spec: Jobs.tiny(steps: steps).text)
        job.slice = try? Slice(shards: 1)
        return job
    }

    /// The job once a condition holds.
    private static func job(
        _ id: JobID, _ services: Services, until condition: (JobRecord) -> Bool
    ) async throws -> JobRecord {
        let deadline = services.reactor.clock.now() + .seconds(30)
        while true {
            let record = try #require(try await services.store.job(id))
            if condition(record) { return record }
            try #require(services.reactor.clock.now() < deadline, "\(record)")
            await Task.yield()
        }
    }

    private func withSupervisor(
        _ faults: Faults, clock: DaemonClock = .system,
        program: WorkerProgram = WorkerProgram(path: Binary.tpud, arguments: ["worker", "--daemon", "\(getpid())"]),
        _ body: @escaping @Sendable (Services, Supervisor) async throws -> Void
    ) async throws {
        let folder = try DaemonProcess.StateFolder()
        let reactor = try EventLoop()
        let thread = try reactor.start()
        let store = try JobStore(folder: folder.path) { (step: StoreStep) throws(StoreError) in try faults.check(step) }
        let services = Services(
            store: store, reactor: reactor, clock: clock,
            configuration: LiveConfiguration(try ConfigurationLoader(cores: 1).load([])),
            pod: try Pod(parsing: "v2-8"), checker: NoChecker(), newest: nil, log: Logger(label: "test"))
        let supervisor = Supervisor(services: services, program: program)
        services.phase.advance(to: .serving)
        let result = await Task(executorPreference: reactor) { try await body(services, supervisor) }.result
        try store.close()
        reactor.stop()
        thread.join()
        try result.get()
    }

    /// A wall clock that a test sets.
    private final class SettableWall: Sendable {
        let hours = Atomic(0)

        var clock: DaemonClock {
            DaemonClock(monotonic: SystemClock(), bootID: "test") { [self] in
                DaemonClock.system.wall().advanced(bySeconds: 3600 * Double(hours.load(ordering: .relaxed)))
            }
        }
    }

    @Test(arguments: [-1000, 1000]) func aClockThatIsSetChangesNoBackoffAndNoRunTime(hours: Int) async throws {
        let wall = SettableWall()
        let program = WorkerProgram(path: "/bin/false", arguments: [])
        try await withSupervisor(Faults(), clock: wall.clock, program: program) { services, supervisor in
            let id = services.nextID(at: services.clock.wall())
            var job = Self.job(id, steps: 3)
            job.retry = RetryPolicy(maxAttempts: 2, backoffSeconds: 0.5)
            job.maxRunSeconds = 100
            _ = try await services.store.submit(job)
            supervisor.wake()
            let waiting = try await Self.job(id, services) { $0.state == .retryWait }
            #expect(waiting.attempt == 1)
            wall.hours.store(hours, ordering: .relaxed)
            let final = try await Self.job(id, services) { $0.state.isFinal }
            #expect(final.state == .failed && final.stateReason == .maxAttempts)
            #expect(final.failure?.message.contains("the worker exited with 1") == true, "\(final)")
            let attempts = try await services.store.attempts(of: id)
            #expect(attempts.map(\.end?.outcome) == [.crashed, .crashed])
            #expect(attempts.allSatisfy { (0...60).contains($0.secondsRun) })
        }
    }

    @Test func aProgramThatIsNotThereCountsForNothing() async throws {
        let program = WorkerProgram(path: "/nowhere/tpud", arguments: [])
        try await withSupervisor(Faults(), program: program) { services, supervisor in
            let id = services.nextID(at: services.clock.wall())
            var job = Self.job(id, steps: 3)
            job.retry = RetryPolicy(maxAttempts: 1, backoffSeconds: 0)
            _ = try await services.store.submit(job)
            supervisor.wake()
            let second = try await Self.job(id, services) { $0.attempt == 2 }
            #expect(!second.state.isFinal)
            let first = try await services.store.attempts(of: id)[0]
            #expect(first.end?.outcome == .interrupted && first.end?.condition == .ioError)
            #expect(first.failure?.code == "IO_ERROR")
            _ = try await Self.job(id, services) { $0.state == .retryWait }
            _ = try await supervisor.ask(.cancel, of: id)
            await supervisor.idle()
        }
    }

    @Test func aStoreThatTakesNoCommitsIsProbed() async throws {
        let faults = Faults()
        try await withSupervisor(faults) { services, supervisor in
            let id = services.nextID(at: services.clock.wall())
            _ = try await services.store.submit(Self.job(id, steps: 3))
            // Two probes fail, and the third goes through.
            faults.left.store(2, ordering: .relaxed)
            services.storeHealth.failed(.diskFull)
            #expect(services.storeHealth.trouble == .diskFull)
            let final = try await Self.job(id, services) { $0.state.isFinal }
            #expect(final.state == .succeeded && final.attempt == 1)
            #expect(services.storeHealth.trouble == nil)
            await supervisor.idle()
        }
    }

    @Test func whatCanNotBeStoredIsTriedAgain() async throws {
        let faults = Faults()
        try await withSupervisor(faults) { services, supervisor in
            let id = services.nextID(at: services.clock.wall())
            _ = try await services.store.submit(Self.job(id, steps: 3))
            // The start fails, the next pass starts it; then what the worker reports and its end fail.
            faults.left.store(1, ordering: .relaxed)
            supervisor.wake()
            _ = try await Self.job(id, services) { $0.state != .queued }
            faults.left.store(3, ordering: .relaxed)
            let final = try await Self.job(id, services) { $0.state.isFinal }
            #expect(final.state == .succeeded)
            #expect(final.attempt == 1)
            #expect(final.latestCheckpoint?.step == 3)
            #expect(faults.seen.load(ordering: .relaxed) == 4)
            let series = try await services.store.metrics(of: id)
            #expect(series["loss"]?.map(\.step) == [3])
            await supervisor.idle()
            #expect(supervisor.workers == 0)
        }
    }

    @Test func aDrainWaitsForNobodyWhoIsNotThere() async throws {
        try await withSupervisor(Faults()) { services, supervisor in
            let id = services.nextID(at: services.clock.wall())
            _ = try await services.store.submit(Self.job(id, steps: 100_000_000))
            supervisor.wake()
            _ = try await Self.job(id, services) { $0.state == .running }
            services.phase.advance(to: .draining)
            await supervisor.drain(until: services.reactor.clock.now() + .seconds(20))
            let record = try #require(try await services.store.job(id))
            #expect(record.state == .queued)
            let attempts = try await services.store.attempts(of: id)
            #expect(attempts.map(\.end?.outcome) == [.interrupted])
            #expect(attempts[0].end?.byDaemonsEnd == true)
            await supervisor.drain(until: services.reactor.clock.now())
            // Nothing starts any more.
            supervisor.wake()
            #expect(supervisor.workers == 0)
        }
    }

    @Test func aDrainThatCanNotStoreEndsInTimeAllTheSame() async throws {
        let faults = Faults()
        try await withSupervisor(faults) { services, supervisor in
            let id = services.nextID(at: services.clock.wall())
            _ = try await services.store.submit(Self.job(id, steps: 100_000_000))
            supervisor.wake()
            _ = try await Self.job(id, services) { $0.state == .running }
            faults.left.store(.max, ordering: .relaxed)
            services.phase.advance(to: .draining)
            let clock = services.reactor.clock
            let began = clock.now()
            await supervisor.drain(until: began + .seconds(2))
            #expect(clock.now().since(began) < .seconds(4))
            #expect(supervisor.workers == 1)
            faults.left.store(0, ordering: .relaxed)
            #expect(await supervisor.idle(until: clock.now() + .seconds(20)))
            let record = try #require(try await services.store.job(id))
            #expect(record.state == .queued)
        }
    }
}

/// These tests submit to the store.
private struct NoChecker: SpecificationChecker {
    func check(
        _ body: [UInt8], of client: ClientKey, isDryRun: Bool
    ) async throws(CheckFailure) -> CheckReport.Finding { throw .closing }
    var figures: (running: Int, waiting: Int) { (0, 0) }
    func close() {}
}
