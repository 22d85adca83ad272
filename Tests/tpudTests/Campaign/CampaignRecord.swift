import Formats
import Foundation
import Synchronization

/// What a campaign's clients know of one job.
struct CampaignEntry {
    /// Name and Idempotency-Key at once.
    let key: String
    let kind: CampaignKind
    /// The body, the same whenever it is sent.
    let body: [UInt8]
    /// Known once a 201 has arrived.
    var id: String?
    /// The job as it was first seen in a final state.
    var final: JSON?
    /// Signals that ended one of its workers without counting; five without a step would end the job.
    var interruptions = 0
    /// Signals that count as a crash of its worker.
    var traps = 0

    /// Whether it may still run.
    var isActive: Bool { final == nil }
}

/// What a campaign has done and seen, shared by its threads.
final class CampaignRecord: Sendable {
    private struct State {
        var daemon: DaemonProcess?
        var entries: [CampaignEntry] = []
        var violations: [String] = []
        var checkersKilled = 0
        var processes: Set<ProcessTable.Identity> = []
        var isOver = false
        var actions: [String: Int] = [:]
    }

    private let state = Mutex(State())

    /// The daemon that serves; nil while there is none.
    var daemon: DaemonProcess? {
        get { state.withLock { $0.daemon } }
        set { state.withLock { $0.daemon = newValue } }
    }

    /// Set at the end, for the clients' threads.
    var isOver: Bool {
        get { state.withLock { $0.isOver } }
        set { state.withLock { $0.isOver = newValue } }
    }

    /// All jobs, in the order of their first submission.
    var entries: [CampaignEntry] { state.withLock { $0.entries } }

    /// A new job, which is going to be submitted.
    func add(_ kind: CampaignKind) -> CampaignEntry {
        state.withLock { state in
            let key = "campaign-\(state.entries.count)"
            let entry = CampaignEntry(key: key, kind: kind, body: kind.spec(name: key).serialized())
            state.entries.append(entry)
            return entry
        }
    }

    /// Changes the job with a key.
    func change(_ key: String, _ change: (inout CampaignEntry) -> Void) {
        state.withLock { state in
            guard let place = state.entries.firstIndex(where: { $0.key == key }) else { return }
            change(&state.entries[place])
        }
    }

    /// Takes note of something that must not be.
    func violation(_ words: String) { state.withLock { $0.violations.append(words) } }

    /// What must not be and was.
    var violations: [String] { state.withLock { $0.violations } }

    /// Counts what was done.
    func count(_ action: String) { state.withLock { $0.actions[action, default: 0] += 1 } }

    /// What was done, and how often.
    var actions: [String: Int] { state.withLock { $0.actions } }

    /// How many processes were killed in the middle of a check: their requests may be answered with an error.
    var checkersKilled: Int { state.withLock { $0.checkersKilled } }

    /// Takes note of a killed checker.
    func killedChecker() { state.withLock { $0.checkersKilled += 1 } }

    /// Takes note of processes that must be gone at the end.
    func saw(_ processes: [ProcessTable.Identity]) { state.withLock { $0.processes.formUnion(processes) } }

    /// All processes that were seen.
    var processes: Set<ProcessTable.Identity> { state.withLock { $0.processes } }
}

extension ProcessTable {
    /// A process, told from a later one with the same number by its start.
    struct Identity: Hashable {
        let process: Int32
        let start: String

        /// Nil where there is no such process, or only what its parent has not yet asked for.
        init?(_ process: Int32) {
            guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
                let end = text.lastIndex(of: ")")
            else { return nil }
            let fields = text[end...].dropFirst(2).split(separator: " ")
            guard fields.count > 19, fields[0] != "Z" else { return nil }
            self.process = process
            start = String(fields[19])
        }
    }

    /// The arguments that a process was started with.
    static func arguments(of process: Int32) -> [String] {
        let bytes = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
        return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The last part of a process's working folder: for a worker, the job's id.
    static func folderName(of process: Int32) -> String? {
        let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd")
        return link?.split(separator: "/").last.map(String.init)
    }
}
