import API
import Dispatch
import Jobs
import Synchronization

/// Jobs and pod as they were at a moment.
struct TopNews: Sendable {
    var jobs: [JobView]
    var topology: TopologyView
    var detail: TopModel.Detail?
}

/// Asks the daemon every second, on a thread of its own, and at once when something was done.
final class TopWatch: Sendable {
    private struct State {
        var open: JobID?
        var cancels: [JobID] = []
    }

    /// Seconds between two questions.
    private static let pause = 1.0
    /// Jobs that are asked for besides those that run.
    private static let newest = 200

    private let server: DaemonClient
    private let events: TopEvents
    private let state = Mutex(State())
    private let wakes = DispatchSemaphore(value: 0)

    init(server: DaemonClient, events: TopEvents) {
        self.server = server
        self.events = events
    }

    /// Begins, once the daemon has answered a first time.
    /// - Returns: That answer.
    func start() throws -> TopNews {
        let news = try read(nil)
        DispatchQueue(label: "top").async { [self] in run() }
        return news
    }

    /// Another job is looked at, or none.
    func open(_ id: JobID?) {
        state.withLock { $0.open = id }
        wakes.signal()
    }

    /// Cancels a job.
    func cancel(_ id: JobID) {
        state.withLock { $0.cancels.append(id) }
        wakes.signal()
    }

    private func run() {
        while true {
            _ = wakes.wait(timeout: .now() + Self.pause)
            let (open, cancels) = state.withLock { state in
                defer { state.cancels = [] }
                return (state.open, state.cancels)
            }
            do {
                for id in cancels {
                    let job = try server.post("/v1/jobs/\(id)/cancel", JobView.self).view
                    events.post(.message("\(job.name) is \(job.state.rawValue)"))
                }
                events.post(.news(try read(open)))
            } catch {
                let words = "\(error)".split(whereSeparator: \.isNewline).first ?? ""
                events.post(.message(String(words)))
            }
        }
    }

    private func read(_ open: JobID?) throws -> TopNews {
        let states = JobState.allCases.filter(\.holdsResources).map { "state=\($0.rawValue)" }.joined(separator: "&")
        let running = try server.get("/v1/jobs?limit=500&\(states)", JobPage.self, timeout: 10).view.jobs
        let newest = try server.get("/v1/jobs?limit=\(Self.newest)", JobPage.self, timeout: 10).view.jobs
        let known = Set(newest.map(\.id))
        let topology = try server.get("/v1/topology", TopologyView.self, timeout: 10).view
        return TopNews(
            jobs: newest + running.filter { !known.contains($0.id) }, topology: topology,
            detail: try open.map { try detail($0) })
    }

    private func detail(_ id: JobID) throws -> TopModel.Detail {
        let series = try server.get("/v1/jobs/\(id)/metrics?name=loss&max_points=400", MetricsView.self, timeout: 10)
        var log: [UInt8] = []
        try server.stream("/v1/jobs/\(id)/logs?tail=100", timeout: 10) { log.append(contentsOf: $0) }
        return TopModel.Detail(
            id: id, loss: series.view.series.values.first.map { $0.map { ($0.step, $0.value) } } ?? [],
            log: String(decoding: log, as: UTF8.self).split(separator: "\n").map(String.init))
    }
}
