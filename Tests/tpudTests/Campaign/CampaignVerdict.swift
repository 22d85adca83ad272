import Formats
import Foundation
import Testing
import Transfer

/// Looks at everything once a campaign is over and all its jobs have ended.
struct CampaignVerdict {
    let record: CampaignRecord
    let daemon: DaemonProcess
    let twins: [CampaignKind: JobEnding]

    /// All jobs and what is left in the state folder.
    func look() throws {
        try lookForEveryAnswer()
        for entry in record.entries {
            guard let id = entry.id else { continue }
            try look(at: entry, id)
        }
    }

    /// Every job that was answered 201 is there once, and every key has one job.
    private func lookForEveryAnswer() throws {
        var names: [String: [String]] = [:]
        var token = ""
        while true {
            let page = try daemon.json("/v1/jobs?limit=500" + token)
            for job in page["jobs"]?.array ?? [] {
                names[job["name"]?.string ?? "", default: []].append(job["id"]?.string ?? "")
            }
            guard let next = page["next_page_token"]?.string else { break }
            token = "&page_token=\(next)"
        }
        for entry in record.entries where names[entry.key] != entry.id.map({ [$0] }) {
            record.violation("\(entry.key) was answered \(entry.id ?? "never"), stored are \(names[entry.key] ?? [])")
        }
        let keys = Set(record.entries.map(\.key))
        for name in names.keys where !keys.contains(name) { record.violation("nobody has submitted \(name)") }
    }

    private func look(at entry: CampaignEntry, _ id: String) throws {
        let job = try daemon.json("/v1/jobs/\(id)")
        let attempts = try daemon.json("/v1/jobs/\(id)/attempts")["attempts"]?.array ?? []
        let events = try allEvents(of: id)
        var faults = Self.faults(of: job, attempts: attempts, events: events)
        let before = record.violations.count
        for row in try daemon.json("/v1/jobs/\(id)/checkpoints")["checkpoints"]?.array ?? [] {
            try CampaignClient.download(row, of: id, on: daemon, record: record)
        }
        faults += record.violations[before...]
        if entry.kind == .cancelled {
            if job["state"] != "CANCELLED" { faults.append("its state is \(job["state"] ?? .null), not CANCELLED") }
        } else if let twin = twins[entry.kind] {
            faults += try JobEnding(of: id, on: daemon).differences(from: twin)
        }
        guard !faults.isEmpty else { return }
        let history = (attempts + events).map { "    " + String(decoding: $0.serialized(), as: UTF8.self) }
        record.violation(
            "\(entry.key) (\(entry.kind), \(id)): \(faults.joined(separator: "; "))\n" + history.joined(separator: "\n")
        )
    }

    private func allEvents(of id: String) throws -> [JSON] {
        var all: [JSON] = []
        while true {
            let page = try daemon.json("/v1/jobs/\(id)/events?after_seq=\(all.last?["seq"]?.int ?? 0)")
            let events = page["events"]?.array ?? []
            all += events
            if events.isEmpty || page["next_seq"]?.int == nil { return all }
        }
    }

    /// What is wrong between a job, its attempts and its events, in words.
    static func faults(of job: JSON, attempts: [JSON], events: [JSON]) -> [String] {
        var faults: [String] = []
        if attempts.compactMap({ $0["attempt"]?.int })
            != Array(1...max(1, attempts.count)).prefix(attempts.count).map({ $0 })
        {
            faults.append("attempts are not counted from 1")
        }
        if job["attempt"]?.int != attempts.count { faults.append("attempt is not the number of attempts") }
        if attempts.contains(where: { $0["outcome"]?.isNull != false }) { faults.append("an attempt has no outcome") }
        for attempt in attempts where (attempt["end_step"]?.int ?? .max) < (attempt["start_step"]?.int ?? 0) {
            faults.append("an attempt ends before the step at which it starts")
        }
        let sequence = events.compactMap { $0["seq"]?.int }
        if sequence != Set(sequence).sorted() { faults.append("events are out of order") }
        var state = JSON.null
        for event in events where event["type"] == "STATE" {
            if event["from"] ?? .null != state {
                faults.append("a transition from \(event["from"] ?? .null) in \(state)")
            }
            state = event["to"] ?? .null
        }
        if state != job["state"] {
            faults.append("the last transition is to \(state), the state is \(job["state"] ?? .null)")
        }
        let starts = events.count { $0["type"] == "STATE" && $0["to"] == "STARTING" }
        if starts != attempts.count { faults.append("\(starts) transitions to STARTING, \(attempts.count) attempts") }
        let counted = attempts.count { ["CRASHED", "STALLED", "OUT_OF_MEMORY"].contains($0["outcome"]?.string) }
        if counted >= 4, job["state_reason"] != "MAX_ATTEMPTS" { faults.append("\(counted) counted attempts of 4") }
        return faults
    }

    /// What a stopped daemon has left behind: processes, and files that were not finished.
    static func leftovers(in state: String, of record: CampaignRecord) -> [String] {
        var words = record.processes.filter { ProcessTable.Identity($0.process) == $0 }.map { left in
            "process \(left.process) still runs: \(ProcessTable.arguments(of: left.process))"
        }
        let files = FileManager.default.enumerator(atPath: state + "/jobs")
        while let name = files?.nextObject() as? String {
            let last = name.split(separator: "/").last ?? ""
            // The lock of a model folder stays with the folder.
            if last != ".lock", last.hasPrefix(".") || last.hasSuffix(".unfinished") {
                words.append("unfinished: \(name)")
            }
        }
        return words
    }
}
