import API
import Daemon
import Foundation
import Formats
import HTTP
import Jobs
import Logging
import Reactor
import Scheduling
import Store
import Testing
import Transfer
import WorkerProtocol

/// What is told of jobs that wait, of a daemon that makes no scheduling pass but the test's.
@Suite struct QueuedJobsTests {
    private static func id(_ number: Int) -> JobID { JobID(milliseconds: UInt64(number), random: (0, 0)) }

    /// Runs `body` with what serves a store.
    private static func withServer(
        _ body: (Services, TransferClient) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tpud-queue-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let reactor = try EventLoop()
        let thread = try reactor.start()
        let services = Services(
            store: try JobStore(folder: folder), reactor: reactor, clock: .system,
            configuration: LiveConfiguration(try ConfigurationLoader(cores: 1).load([])),
            pod: try Pod(parsing: "v2-8"), checker: NoChecks(), newest: nil, log: Logger(label: "test"))
        let supervisor = Supervisor(services: services, program: WorkerProgram(path: "/nowhere", arguments: []))
        let server = Server(
            ServerConfiguration(listen: [.tcp(host: "127.0.0.1", port: 0)]),
            router: Endpoints(services: services, supervisor: supervisor, on: reactor).router, reactor: reactor)
        let result: Result<Void, any Error>
        do {
            guard case .tcp(_, let port) = try await server.start()[0] else { return }
            result = .success(try await body(services, try TransferClient(address: "http://127.0.0.1:\(port)")))
        } catch {
            result = .failure(error)
        }
        await server.drain(deadline: .zero)
        reactor.stop()
        thread.join()
        try services.store.close()
        try result.get()
    }

    private static func submit(_ number: Int, priority: Int = 0, to store: JobStore) async throws {
        var job = NewJob(
            id: id(number), name: "a", mode: .train, owner: "o", modelDir: "jobs/\(id(number))",
            createdAt: .init(seconds: Double(number)), spec: "{}")
        job.priority = priority
        job.slice = try Slice(shards: 8)
        _ = try await store.submit(job)
    }

    /// What each route says of the jobs that wait, in the queue's order.
    private static func told(_ client: TransferClient) throws -> (
        queue: [QueuedJobView], jobs: [JobView], list: [JobView]
    ) {
        func view<View: WireValue>(_ type: View.Type, _ target: String) throws -> View {
            let reply = try client.send(TransferRequest("GET", target))
            try #require(reply.status == 200, "\(target)")
            return try View(wire: WireReader(JSON(parsing: reply.body)))
        }
        let queue = try view(QueueView.self, "/v1/queue").jobs
        let list = try view(JobPage.self, "/v1/jobs").jobs
        return (
            queue, try queue.map { try view(JobView.self, "/v1/jobs/\($0.id)") },
            try queue.map { queued in try #require(list.first { $0.id == queued.id }) }
        )
    }

    @Test func everyJobThatWaitsIsToldAtOnceAndTheSameEverywhere() async throws {
        try await Self.withServer { services, client in
            #expect(try Self.told(client).queue.isEmpty)
            for number in 1...2 { try await Self.submit(number, to: services.store) }
            func expect(_ reasons: [PendingReason], _ ids: [Int]) throws {
                let (queue, jobs, list) = try Self.told(client)
                #expect(queue.map(\.id) == ids.map(Self.id))
                #expect(queue.map(\.pending.reason) == reasons)
                #expect(queue.map(\.pending.position) == Array(1...ids.count))
                #expect(jobs.map(\.pending) == queue.map(\.pending))
                #expect(list.map(\.pending) == queue.map(\.pending))
            }
            // As after the daemon's start, too.
            try expect([.scheduling, .scheduling], [1, 2])
            // A pass that finds the pod held.
            let holder = Snapshot.Holding(
                job: Self.id(0), placement: Placement(slice: nil, hosts: [.init(host: 0, cores: Array(0..<8))]))
            var snapshot = Snapshot(pod: services.pod, workerLimit: 9)
            snapshot.running = [holder]
            snapshot.waiting = try (1...2).map {
                .init(job: Self.id($0), priority: 0, slice: try Slice(shards: 8), retryAt: nil)
            }
            let now = services.clock.wall()
            services.pending.replace(with: QueueOutlook(after: Scheduler.plan(snapshot, now: now), of: snapshot))
            try expect([.coresBusy, .priority], [1, 2])
            // What comes after it.
            try await Self.submit(3, priority: 1, to: services.store)
            try await Self.submit(4, to: services.store)
            try expect([.scheduling, .coresBusy, .priority, .priority], [3, 1, 2, 4])
            services.pending.stopForFullDisk()
            try expect([.diskFull, .diskFull, .diskFull, .diskFull], [3, 1, 2, 4])
        }
    }
}

/// These tests submit to the store.
private struct NoChecks: SpecificationChecker {
    func check(
        _ body: [UInt8], of client: ClientKey, isDryRun: Bool
    ) async throws(CheckFailure) -> CheckReport.Finding { throw .closing }
    var figures: (running: Int, waiting: Int) { (0, 0) }
    func close() {}
}
