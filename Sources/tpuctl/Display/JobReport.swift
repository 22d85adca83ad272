import API
import Formats
import Jobs

/// Jobs in words.
enum JobReport {
    /// What `get` and the end of `wait` show of one job.
    static func text(_ job: JobView) -> String {
        var rows: [[String]] = [
            ["id", job.id.description], ["name", job.name], ["owner", job.owner],
            ["state", [job.state.rawValue, job.stateReason].compactMap(\.self).joined(separator: ", ")],
        ]
        if let program = job.program { rows.append(["program", program]) }
        if let pending = job.pending { rows.append(["waits", waits(pending)]) }
        if job.attempt > 0 { rows.append(["attempt", "\(job.attempt) (at most \(job.maxAttempts) may fail)"]) }
        if let placement = job.placement { rows.append(["runs on", place(placement)]) }
        rows.append(["submitted", job.createdAt.rfc3339])
        if let started = job.startedAt { rows.append(["started", started.rfc3339]) }
        if let finished = job.finishedAt {
            let took = job.startedAt.map { ", after \(Numbers.duration(finished.seconds(since: $0)))" } ?? ""
            rows.append(["finished", finished.rfc3339 + took])
        }
        if let progress = job.progress { rows += self.rows(of: progress, isFinal: job.state.isFinal) }
        if let loss = job.result?.loss { rows.append(["loss", Numbers.general(loss)]) }
        for (name, value) in job.result?.metrics ?? [] { rows.append([name, Numbers.general(value)]) }
        if let checkpoint = job.latestCheckpoint { rows.append(["checkpoint", "step \(checkpoint.step)"]) }
        if let error = job.error { rows.append(["error", "\(error.code): \(error.message)"]) }
        return Table.aligned(rows)
    }

    private static func rows(of progress: JobProgress, isFinal: Bool) -> [[String]] {
        var rows = [["step", steps(progress)]]
        if isFinal { return rows }
        if let loss = progress.loss { rows.append(["loss", Numbers.general(loss)]) }
        if let rate = progress.stepsPerSecond {
            let examples = progress.examplesPerSecond.map { ", \(Numbers.grouped($0)) examples/s" } ?? ""
            rows.append(["speed", "\(Numbers.general(rate)) steps/s\(examples)"])
        }
        if let left = progress.etaSeconds { rows.append(["left", Numbers.duration(left)]) }
        return rows
    }

    private static func steps(_ progress: JobProgress) -> String {
        guard let target = progress.targetStep else { return "\(progress.globalStep)" }
        return "\(progress.globalStep) of \(target)"
    }

    static func waits(_ pending: PendingView) -> String {
        var words = "\(pending.reason.rawValue), number \(pending.position) in the queue"
        if !pending.blocking.isEmpty {
            words += ", behind " + pending.blocking.prefix(3).map(\.description).joined(separator: ", ")
            if pending.blocking.count > 3 { words += " and \(pending.blocking.count - 3) more" }
        }
        if let start = pending.earliestStart { words += ", not before \(start.rfc3339)" }
        return words
    }

    private static func place(_ placement: PlacementView) -> String {
        guard let slice = placement.slice else { return "no cores" }
        let hosts = placement.hosts.map(\.host)
        let some = hosts.prefix(8).map(String.init).joined(separator: ", ") + (hosts.count > 8 ? ", …" : "")
        return "a slice of \(slice) cores on host\(hosts.count == 1 ? "" : "s") \(some)"
    }

    /// What `list` shows.
    static func table(_ jobs: [JobView], now: Timestamp) -> String {
        Table.aligned(
            [["ID", "NAME", "STATE", "ATTEMPT", "PROGRESS", "AGE"]]
                + jobs.map { job in
                    [
                        job.id.description, job.name, job.state.rawValue, job.attempt == 0 ? "-" : "\(job.attempt)",
                        progress(job), Numbers.duration(now.seconds(since: job.createdAt)),
                    ]
                })
    }

    /// What `list --output wide` shows.
    static func wideTable(_ jobs: [JobView], now: Timestamp) -> String {
        Table.aligned(
            [
                [
                    "ID", "NAME", "STATE", "REASON", "OWNER", "PRIORITY", "MODE", "ATTEMPT", "PROGRESS", "LOSS",
                    "SLICE",
                    "AGE", "LABELS",
                ]
            ]
                + jobs.map { job in
                    [
                        job.id.description, job.name, job.state.rawValue,
                        job.stateReason ?? job.pending?.reason.rawValue ?? "-", job.owner, "\(job.priority)",
                        job.mode.rawValue, job.attempt == 0 ? "-" : "\(job.attempt)", progress(job),
                        Numbers.general(job.progress?.loss), job.placement?.slice ?? "-",
                        Numbers.duration(now.seconds(since: job.createdAt)),
                        job.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ","),
                    ]
                })
    }

    private static func progress(_ job: JobView) -> String {
        guard let progress = job.progress else { return "-" }
        guard let target = progress.targetStep, target > 0 else { return "\(progress.globalStep)" }
        let percent = Numbers.whole(100 * Double(progress.globalStep) / Double(target))
        return "\(progress.globalStep)/\(target) (\(percent) %)"
    }
}
