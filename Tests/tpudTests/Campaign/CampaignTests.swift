import Formats
import Foundation
import Glibc
import Testing
import Transfer

/// Kills at random moments under a mixed load: nothing that was answered is lost, nothing is twice, and every job ends as
/// an undisturbed twin of it.
///
/// `TPUD_KILLS` is how many processes are killed (12 where it is not set, `make campaign` 500), `TPUD_CAMPAIGN_KIND` the one
/// kind of jobs that is disturbed, by its name in ``CampaignKind`` (a mix of all), `TPUD_SEED` repeats a run as far as the
/// machine lets it.
@Suite struct CampaignTests {
    @Test func everyJobEndsAsItsTwin() throws {
        let environment = ProcessInfo.processInfo.environment
        let seed = environment["TPUD_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 1 ... .max)
        let goal = environment["TPUD_KILLS"].flatMap { Int($0) } ?? 12
        print("campaign: \(goal) kills, seed \(seed)")
        let data = try CampaignData()
        let twins = try undisturbed(data)

        let record = CampaignRecord()
        let state = try DaemonProcess.StateFolder()
        var disturber = CampaignDisturber(record: record, state: state, data: data, seed: seed)
        try disturber.start()
        let clients = (1...2).map { number in
            ClientThread(CampaignClient(record: record, seed: seed &+ UInt64(number)))
        }
        while disturber.kills < goal, record.violations.isEmpty { try disturber.step() }
        record.isOver = true
        for client in clients { client.join() }

        let daemon = try #require(record.daemon)
        try settle(record, daemon)
        try CampaignVerdict(record: record, daemon: daemon, twins: twins).look()
        #expect(daemon.terminate() == 0)
        for words in CampaignVerdict.leftovers(in: state.path, of: record) { record.violation(words) }

        let actions = record.actions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        print("campaign: \(disturber.kills) kills, \(record.entries.count) jobs; \(actions.joined(separator: ", "))")
        for words in record.violations { Issue.record("seed \(seed): \(words)") }
    }

    /// How a job of each kind ends when nothing happens to it.
    private func undisturbed(_ data: CampaignData) throws -> [CampaignKind: JobEnding] {
        let daemon = try DaemonProcess(data: data.folder.path)
        var twins: [CampaignKind: JobEnding] = [:]
        for kind in CampaignKind.allCases where kind != .cancelled {
            let id = try daemon.submit(kind.spec(name: "twin"))
            _ = try daemon.final(id)
            let twin = try JobEnding(of: id, on: daemon)
            let ends = [CampaignKind.lossNotANumber: "NAN_LOSS", .wrongRow: "USER_ERROR"]
            #expect(twin.reason == ends[kind], "\(kind): \(twin)")
            twins[kind] = twin
            if kind == .training {
                let step = try #require(twin.latest)
                try data.store(daemon.send("GET", "/v1/jobs/\(id)/checkpoints/\(step)/model.safetensors").body)
            }
        }
        return twins
    }

    /// Gives every job the end that it is on its way to.
    private func settle(_ record: CampaignRecord, _ daemon: DaemonProcess) throws {
        for entry in record.entries {
            try until("\(entry.key) is taken") {
                guard let known = record.entries.first(where: { $0.key == entry.key }), known.id == nil else {
                    return true
                }
                try CampaignClient.submit(known, on: daemon, record: record)
                return false
            }
        }
        for entry in record.entries {
            guard let id = entry.id else { continue }
            if entry.kind == .cancelled { _ = try daemon.send("POST", "/v1/jobs/\(id)/cancel") }
            try until("\(entry.key) has ended") {
                try CampaignClient.releaseHeld(on: daemon, record: record)
                return try daemon.json("/v1/jobs/\(id)?until=terminal&wait=1s")["finished_at"]?.isNull == false
            }
        }
    }
}

/// A client on a thread of its own.
private final class ClientThread {
    private let ended = DispatchSemaphore(value: 0)

    init(_ client: CampaignClient) {
        let ended = ended
        Thread {
            var client = client
            client.run()
            ended.signal()
        }.start()
    }

    func join() { ended.wait() }
}
