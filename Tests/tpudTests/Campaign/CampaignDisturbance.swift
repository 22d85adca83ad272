import Formats
import Foundation
import Glibc
import Testing
import TestSupport

/// What befalls daemon, workers and checkers of a campaign.
enum CampaignDisturbance: CaseIterable {
    case killWorker, interruptWorker, trapWorker, pauseWorker, killDaemon, drainDaemon, killWhileDraining,
        killWhileStarting
    case pauseDaemon, killChecker

    /// A draw in which kills prevail.
    static func random(using random: inout SeededGenerator) -> CampaignDisturbance {
        switch Int.random(in: 0..<100, using: &random) {
        case ..<38: .killWorker
        case ..<42: .interruptWorker
        case ..<46: .trapWorker
        case ..<52: .pauseWorker
        case ..<76: .killDaemon
        case ..<83: .drainDaemon
        case ..<87: .killWhileDraining
        case ..<90: .killWhileStarting
        case ..<95: .pauseDaemon
        default: .killChecker
        }
    }
}

/// Brings disturbances about, one at a time, at random moments.
struct CampaignDisturber {
    let record: CampaignRecord
    let state: DaemonProcess.StateFolder
    let data: CampaignData
    var random: SeededGenerator
    /// Signals so far that ended a process.
    var kills = 0

    private static let arguments = [
        "--max-unclean-starts", "0", "--stop-timeout-seconds", "10", "--drain-timeout-seconds", "20",
    ]

    init(record: CampaignRecord, state: DaemonProcess.StateFolder, data: CampaignData, seed: UInt64) {
        self.record = record
        self.state = state
        self.data = data
        random = SeededGenerator(seed: seed)
    }

    /// Starts a daemon over the campaign's folder.
    func start() throws {
        record.daemon = try DaemonProcess(Array(Self.arguments.dropFirst(2)), state: state, data: data.folder.path)
    }

    /// Waits a little and disturbs; nothing happens where there is nothing to disturb.
    mutating func step() throws {
        usleep(UInt32.random(in: 0...120_000, using: &random))
        let daemon = try #require(record.daemon)
        if !daemon.process.isRunning {
            record.violation("the daemon has ended by itself: \(daemon.log.suffix(20))")
            return try start()
        }
        record.saw(daemon.workers.compactMap { ProcessTable.Identity($0) })
        let disturbance = CampaignDisturbance.random(using: &random)
        let isDone: Bool
        switch disturbance {
        case .killWorker: isDone = signalWorker(daemon, SIGKILL)
        case .interruptWorker: isDone = signalWorker(daemon, SIGTERM)
        case .trapWorker: isDone = signalWorker(daemon, SIGILL)
        case .pauseWorker: isDone = pause(workers(daemon).randomElement(using: &random)?.process)
        case .pauseDaemon: isDone = pause(daemon.process.processIdentifier)
        case .killChecker: isDone = killChecker(daemon)
        default: isDone = try end(daemon, disturbance)
        }
        if isDone { record.count("\(disturbance)") }
    }

    // MARK: Workers

    private func workers(_ daemon: DaemonProcess) -> [(process: Int32, job: String)] {
        daemon.workers.compactMap { process in
            guard ProcessTable.arguments(of: process).contains("worker") else { return nil }
            return ProcessTable.folderName(of: process).map { (process, $0) }
        }
    }

    /// Signals a worker whose job can bear it: five ends in a row without a step, or four crashes, would end the job.
    private mutating func signalWorker(_ daemon: DaemonProcess, _ signal: Int32) -> Bool {
        let jobs = Dictionary(
            record.entries.compactMap { entry in entry.id.map { ($0, entry) } }, uniquingKeysWith: { $1 })
        let bearing = workers(daemon).filter { worker in
            guard let entry = jobs[worker.job] else { return false }
            return entry.interruptions + entry.traps < 4 && (signal != SIGILL || entry.traps < 2)
        }
        guard let worker = bearing.randomElement(using: &random), let entry = jobs[worker.job] else { return false }
        guard Glibc.kill(worker.process, signal) == 0 else { return false }
        record.change(entry.key) { if signal == SIGILL { $0.traps += 1 } else { $0.interruptions += 1 } }
        kills += 1
        return true
    }

    private mutating func killChecker(_ daemon: DaemonProcess) -> Bool {
        let checkers = daemon.workers.filter { ProcessTable.arguments(of: $0).contains("check") }
        guard let checker = checkers.randomElement(using: &random) else { return false }
        record.killedChecker()
        Glibc.kill(checker, SIGKILL)
        kills += 1
        return true
    }

    /// SIGSTOP, and SIGCONT a moment later.
    private mutating func pause(_ process: Int32?) -> Bool {
        guard let process else { return false }
        Glibc.kill(process, SIGSTOP)
        usleep(UInt32.random(in: 1000...150_000, using: &random))
        Glibc.kill(process, SIGCONT)
        return true
    }

    // MARK: The daemon

    /// Ends the daemon in one way or another, and starts it again.
    private mutating func end(_ daemon: DaemonProcess, _ disturbance: CampaignDisturbance) throws -> Bool {
        let process = daemon.process.processIdentifier
        switch disturbance {
        case .drainDaemon:
            record.daemon = nil
            if daemon.terminate() != 0 {
                record.violation("a drain ended with another status than 0: \(daemon.log.suffix(20))")
            }
        case .killWhileDraining:
            Glibc.kill(process, SIGTERM)
            usleep(UInt32.random(in: 0...80_000, using: &random))
            record.daemon = nil
            daemon.kill()
        case .killWhileStarting:
            record.daemon = nil
            daemon.kill()
            try killWhileStarting()
        default:
            daemon.kill()
            record.daemon = nil
        }
        kills += 1
        try start()
        return true
    }

    private mutating func killWhileStarting() throws {
        let process = Process()
        process.executableURL = URL(filePath: Binary.tpud)
        process.arguments =
            ["serve", "--state-dir", state.path, "--listen", "127.0.0.1:0", "--data-root", data.folder.path]
            + Self.arguments
        process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("TPUD_") }
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        usleep(UInt32.random(in: 0...150_000, using: &random))
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        kills += 1
    }
}
