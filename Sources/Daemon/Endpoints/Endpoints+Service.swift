import API
import Glibc
import HTTP
import HTTPTypes
import Jobs
import Store

extension Endpoints {
    /// `GET /readyz`.
    func readiness() throws -> Response {
        try requireServing()
        if let trouble = services.storeHealth.trouble {
            throw Problem(
                503, code: trouble.rawValue,
                detail: "The daemon's database takes no commits: nothing is started until it does again")
        }
        return .text("ready\n")
    }

    /// `GET /v1/topology`.
    func topology(_ request: Request, _ query: QueryValues) async throws -> Response {
        var holders: [Int: [Int: JobID]] = [:]
        for job in try await services.store.holdingJobs() {
            for host in job.placement?.hosts ?? [] {
                for core in host.cores { holders[host.host, default: [:]][core] = job.id }
            }
        }
        let pod = services.pod
        return .wire(
            TopologyView(
                pod: pod.name,
                hosts: (0..<pod.hosts).map { host in
                    .init(host: host, state: .up, cores: (0..<pod.coresPerHost).map { holders[host]?[$0] })
                }))
    }

    /// `GET /v1/queue`.
    func queue(_ request: Request, _ query: QueryValues) async throws -> Response {
        let page = try await services.store.queue(
            limit: min(500, query.integer("limit") ?? 50), after: query.text("page_token").flatMap { JobID($0) })
        tell(unreadable: page.unreadable)
        let now = services.clock.wall()
        let jobs = page.jobs.enumerated().compactMap { index, job in
            services.pending.view(of: .init(job, now: now), position: page.firstPosition + index, now: now).map {
                QueuedJobView(id: job.id, priority: job.priority, pending: $0)
            }
        }
        return .wire(QueueView(jobs, nextPageToken: page.next?.description))
    }

    /// `GET /metrics`.
    func figures() async throws -> Response {
        var text = PrometheusText()
        let counts = try await services.store.counts()
        text.add(
            "tpud_jobs", .gauge, "Jobs by state.",
            JobState.allCases.map {
                (PrometheusText.labels([("state", $0.rawValue)]), Double(counts[$0] ?? 0))
            })
        text.add("tpud_workers", .gauge, "Worker processes.", [("", Double(supervisor.workers))])
        text.add("tpud_pod_cores", .gauge, "Cores of the simulated pod.", [("", Double(services.pod.cores))])
        let waiting = services.changes.count + services.logs.count
        text.add("tpud_waiting_requests", .gauge, "Long-polls and followed logs.", [("", Double(waiting))])
        Self.add(services.store.figures, to: &text)
        for (name, help) in Self.helps {
            let samples = services.counters.snapshot().filter { $0.name == name }
            text.add(name, .counter, help, samples.map { ($0.labels, $0.value) })
        }
        text.add(
            "tpud_http_requests_total", .counter, "Answered requests by route and status.", services.requests.samples)
        text.add(
            "process_resident_memory_bytes", .gauge, "Resident memory.", [("", Double(ProcessFigures.residentBytes))])
        text.add("process_open_fds", .gauge, "Open descriptors.", [("", Double(ProcessFigures.descriptors))])
        text.add("process_threads", .gauge, "Threads.", [("", Double(ProcessFigures.threads))])
        return Response(.ok, type: PrometheusText.mediaType, Array(text.text.utf8))
    }

    /// How the store does: what an operator sets an alarm on.
    private static func add(_ store: StoreFigures, to text: inout PrometheusText) {
        func gauge(_ name: String, _ help: String, _ value: Double) { text.add(name, .gauge, help, [("", value)]) }
        gauge("tpud_store_commit_age_seconds", "Time since the last commit.", store.secondsSinceCommit)
        gauge(
            "tpud_store_commit_wait_seconds", "How long the oldest write has waited for its commit; 0 when none waits.",
            store.secondsWaiting ?? 0)
        gauge("tpud_store_failing", "1 while the last transaction failed.", store.failure == nil ? 0 : 1)
        gauge(
            "tpud_store_checkpoint_failing", "1 while the log of writes can't be checkpointed.",
            store.checkpointFailure == nil ? 0 : 1)
        gauge(
            "tpud_store_wal_bytes", "Length of the log of writes when it was looked at last.", Double(store.walBytes))
        gauge(
            "tpud_store_reserve_given_up", "1 while the disk is full and only what ends or moves jobs is stored.",
            store.isReserveGivenUp ? 1 : 0)
    }

    private static let helps = [
        ("tpud_attempts_total", "Ended attempts by outcome."),
        ("tpud_jobs_submitted_total", "Jobs that were stored."),
        ("tpud_unreadable_rows_total", "Answers and passes that left out rows which can't be read."),
    ]
}
