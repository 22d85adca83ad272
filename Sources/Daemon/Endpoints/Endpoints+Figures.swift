import HTTP
import HTTPTypes
import Jobs
import Reactor
import Store

extension Endpoints {
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
        let checks = services.checker.figures
        text.add(
            "tpud_checks", .gauge, "Checks of specifications that run and that wait.",
            [
                (PrometheusText.labels([("state", "running")]), Double(checks.running)),
                (PrometheusText.labels([("state", "waiting")]), Double(checks.waiting)),
            ])
        text.add("tpud_pod_cores", .gauge, "Cores of the simulated pod.", [("", Double(services.pod.cores))])
        let hosts = services.hosts.states
        text.add(
            "tpud_hosts", .gauge, "Hosts of the simulated pod by state.",
            HostState.allCases.map { state in
                (PrometheusText.labels([("state", state.rawValue)]), Double(hosts.count { $0 == state }))
            })
        let counters = services.counters.snapshot()
        for (name, help) in Self.helps {
            let samples = counters.filter { $0.name == name }
            text.add(name, .counter, help, samples.map { ($0.labels, $0.value) })
        }
        text.add(
            "tpud_webhook_pending", .gauge, "Deliveries of webhooks that are to be tried.",
            [("", Double(try await services.store.pendingDeliveries()))])
        text.add(
            "tpud_known_jobs_bytes", .gauge, "Memory of jobs and lists that are kept as they were shown last.",
            [("", Double(services.known.cost))])
        Self.add(services.store.figures, to: &text)
        addDelays(to: &text)
        addServer(to: &text)
        let process = try await DiskWork.run { ProcessFigures() }
        text.add("process_resident_memory_bytes", .gauge, "Resident memory.", [("", Double(process.residentBytes))])
        text.add("process_open_fds", .gauge, "Open descriptors.", [("", Double(process.descriptors))])
        text.add("process_threads", .gauge, "Threads.", [("", Double(process.threads))])
        return Response(.ok, type: PrometheusText.mediaType, Array(text.text.utf8))
    }

    /// How long things wait that everything else waits for.
    private func addDelays(to text: inout PrometheusText) {
        for (name, what, figures) in [
            ("reactor_lag", "How late the slowest reactor runs what is due", services.waiting.lag),
            ("disk_wait", "How long disk work waits for a thread", DiskWork.pool.delays),
        ] {
            text.add("tpud_\(name)_seconds", .gauge, "\(what), smoothed.", [("", figures.average.inSeconds)])
            text.add(
                "tpud_\(name)_longest_seconds", .gauge, "\(what): the longest of the last 10 to 20 seconds.",
                [("", figures.longest.inSeconds)])
        }
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
            "tpud_store_disk_full", "1 while the disk is full and only what ends or moves jobs is stored.",
            store.isDiskFull ? 1 : 0)
    }

    private func addServer(to text: inout PrometheusText) {
        let http = services.http
        text.add(
            "tpud_waiting_requests", .gauge, "Long-polls, followed logs and event streams.",
            [("", Double(services.waiting.count))])
        text.add("tpud_open_files", .gauge, "Files that are open for answers.", [("", Double(services.files.count))])
        text.add("tpud_http_connections", .gauge, "Open connections.", [("", Double(http.connections))])
        text.add("tpud_http_body_bytes", .gauge, "Bytes of bodies in memory.", [("", Double(http.bodyBytes))])
        for (name, help, count) in [
            ("tpud_http_connections_total", "Connections that were accepted.", http.accepted),
            ("tpud_http_idle_closed_total", "Idle connections that made room for new ones.", http.idleClosed),
            ("tpud_http_refused_total", "Connections of clients that had as many as they may.", http.refusedClients),
            ("tpud_http_accept_pauses_total", "Times that no connection could be accepted.", http.acceptPauses),
            ("tpud_http_slow_readers_total", "Connections whose client read too slowly.", http.slowReadersDropped),
            (
                "tpud_log_lines_dropped_total", "Lines of the log that were not read in time.",
                services.droppedLogLines()
            ),
        ] {
            text.add(name, .counter, help, [("", Double(count))])
        }
        text.add(
            "tpud_http_requests_total", .counter, "Answered requests by route and status.", services.requests.samples)
        text.add(
            "tpud_http_request_seconds", "Seconds from a request's head to the beginning of its answer.",
            services.requests.durations)
    }

    private static let helps = [
        ("tpud_attempts_total", "Ended attempts by outcome."),
        ("tpud_jobs_submitted_total", "Jobs that were stored."),
        ("tpud_webhook_attempts_total", "Tries of webhooks' deliveries by what came of them."),
        ("tpud_unreadable_rows_total", "Answers and passes that left out rows which can't be read."),
    ]
}

extension Duration {
    /// Seconds as a floating-point number.
    fileprivate var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
