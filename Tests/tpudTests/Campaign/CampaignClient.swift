import Crypto
import Formats
import Foundation
import Glibc
import Transfer
import TestSupport

/// Clients of a campaign: they submit, submit again, vanish, follow, download, cancel, and look at what they are told.
/// One action at a time; while the daemon is away an action does nothing.
struct CampaignClient {
    let record: CampaignRecord
    let seed: UInt64
    /// How many jobs are to be unfinished at a time.
    var active = 6

    private var random: SeededGenerator

    init(record: CampaignRecord, seed: UInt64) {
        self.record = record
        self.seed = seed
        random = SeededGenerator(seed: seed)
    }

    /// Acts until the record says that it is over.
    mutating func run() {
        while !record.isOver {
            guard let daemon = record.daemon else {
                usleep(2000)
                continue
            }
            do {
                try act(on: daemon)
            } catch is TransferError {
                // The daemon was killed meanwhile.
                usleep(1000)
            } catch {
                record.violation("a client: \(error)")
            }
        }
    }

    private mutating func act(on daemon: DaemonProcess) throws {
        let entries = record.entries
        if entries.count(where: \.isActive) < active, Bool.random(using: &random) { return try submitNew(daemon) }
        switch Int.random(in: 0..<12, using: &random) {
        case 0: try entries.randomElement(using: &random).map { try submit($0, on: daemon) }
        case 1: try entries.first { $0.id == nil }.map { try submit($0, on: daemon) }
        case 2: try followAndVanish(entries, daemon)
        case 3, 4: try download(entries, daemon)
        case 5, 6: try cancel(entries, daemon)
        case 7: try lookAtCores(daemon)
        case 8: try CampaignClient.releaseHeld(on: daemon, record: record)
        default: try lookAtJobs(entries, daemon)
        }
    }

    // MARK: Submitting

    private mutating func submitNew(_ daemon: DaemonProcess) throws {
        guard let kind = CampaignKind.random(using: &random) else {
            return record.violation("TPUD_CAMPAIGN_KIND does not name a kind of jobs")
        }
        let entry = record.add(kind)
        guard Int.random(in: 0..<5, using: &random) == 0 else { return try submit(entry, on: daemon) }
        record.count("submitted and vanished")
        let socket = try VanishingClient(daemon)
        socket.send(
            "POST /v1/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nIdempotency-Key: \(entry.key)\r\n"
                + "Content-Length: \(entry.body.count)\r\n\r\n" + String(decoding: entry.body, as: UTF8.self))
        if Bool.random(using: &random) { usleep(UInt32.random(in: 0...3000, using: &random)) }
    }

    /// Submits under the job's key: the first time, again, or after an answer that never came.
    private func submit(_ entry: CampaignEntry, on daemon: DaemonProcess) throws {
        try CampaignClient.submit(entry, on: daemon, record: record)
    }

    /// Submits under the job's key; the answer must be the one job of that key.
    static func submit(_ entry: CampaignEntry, on daemon: DaemonProcess, record: CampaignRecord) throws {
        let reply = try daemon.send(
            "POST", "/v1/jobs", body: entry.body, fields: [("Idempotency-Key", entry.key)])
        record.count("submitted: \(reply.status)")
        guard reply.status == 201 else {
            // 503: it drains, or the check's process was killed. Anything else was not to come.
            let excused = reply.status == 503 || (reply.status == 500 && record.checkersKilled > 0)
            if !excused {
                record.violation("\(entry.key): \(reply.status) \(String(decoding: reply.body, as: UTF8.self))")
            }
            return
        }
        let id = try JSON(parsing: reply.body)["id"]?.string
        var old: String?
        record.change(entry.key) { known in
            old = known.id
            known.id = id
        }
        if let old, old != id {
            record.violation("\(entry.key) was \(old), and now the same key is answered with \(id ?? "nothing")")
        }
    }

    // MARK: Reading

    private mutating func followAndVanish(_ entries: [CampaignEntry], _ daemon: DaemonProcess) throws {
        guard let id = entries.randomElement(using: &random)?.id else { return }
        record.count("followed and vanished")
        let socket = try VanishingClient(daemon)
        let target = [
            "/v1/jobs/\(id)?until=terminal&wait=30s", "/v1/jobs/\(id)/logs?follow=true", "/v1/jobs/\(id)/events",
        ].randomElement(using: &random)
        socket.send("GET \(target ?? "/") HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        usleep(UInt32.random(in: 0...3000, using: &random))
    }

    private mutating func download(_ entries: [CampaignEntry], _ daemon: DaemonProcess) throws {
        guard let id = entries.suffix(20).randomElement(using: &random)?.id else { return }
        let rows = try daemon.json("/v1/jobs/\(id)/checkpoints")["checkpoints"]?.array ?? []
        guard let row = rows.randomElement(using: &random) else { return }
        try CampaignClient.download(row, of: id, on: daemon, record: record)
    }

    /// Downloads the files of a listed checkpoint; each is what the list says, or the checkpoint is not listed any more.
    static func download(_ row: JSON, of id: String, on daemon: DaemonProcess, record: CampaignRecord) throws {
        let step = row["step"]?.int ?? -1
        if let state = row["state"]?.string, state != "GOOD" {
            return record.violation("\(id): the checkpoint at step \(step) is \(state), and nobody has damaged it")
        }
        for file in row["files"]?.array ?? [] {
            let name = file["name"]?.string ?? ""
            let reply = try daemon.send("GET", "/v1/jobs/\(id)/checkpoints/\(step)/\(name)")
            record.count("downloaded: \(reply.status)")
            if reply.status == 200 {
                let digest = SHA256.hash(data: reply.body).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
                if digest != file["sha256"]?.string {
                    record.violation("\(id): \(name) of step \(step) is not what its list says")
                }
                continue
            }
            let rows = try daemon.json("/v1/jobs/\(id)/checkpoints")["checkpoints"]?.array ?? []
            if reply.status == 503 { continue }
            if rows.contains(where: { $0["step"]?.int == step && $0["created_at"] == row["created_at"] }) {
                record.violation("\(id): the checkpoint at step \(step) is listed, \(name) of it is \(reply.status)")
            }
            return
        }
    }

    private mutating func cancel(_ entries: [CampaignEntry], _ daemon: DaemonProcess) throws {
        let candidates = entries.filter { $0.kind == .cancelled && $0.isActive && $0.id != nil }
        guard let id = candidates.randomElement(using: &random)?.id else { return }
        let reply = try daemon.send("POST", "/v1/jobs/\(id)/cancel")
        record.count("cancelled: \(reply.status)")
        if ![200, 202, 503].contains(reply.status) {
            record.violation(
                "\(id): cancel was answered \(reply.status) \(String(decoding: reply.body, as: UTF8.self))")
        }
    }

    /// Jobs that ended stay as they were; one attempt of a job runs at a time.
    private mutating func lookAtJobs(_ entries: [CampaignEntry], _ daemon: DaemonProcess) throws {
        var chosen = entries.filter { $0.isActive && $0.id != nil }
        if let ended = entries.filter({ !$0.isActive }).randomElement(using: &random) { chosen.append(ended) }
        for entry in chosen {
            guard let id = entry.id else { continue }
            let attempts = try daemon.json("/v1/jobs/\(id)/attempts")["attempts"]?.array ?? []
            let live = attempts.count { $0["outcome"]?.isNull != false }
            if live > 1 { record.violation("\(id): \(live) attempts have no outcome: \(attempts)") }
            let job = try daemon.json("/v1/jobs/\(id)")
            guard job["finished_at"]?.isNull == false else {
                if let final = entry.final { record.violation("\(id) had ended, and goes on: \(final) -> \(job)") }
                continue
            }
            var first = job
            record.change(entry.key) { known in
                if let final = known.final { first = final } else { known.final = job }
            }
            for name in ["state", "state_reason", "finished_at", "result", "error", "version", "latest_checkpoint"]
            where first[name] != job[name] {
                record.violation("\(id): \(name) changed after the end: \(first) -> \(job)")
            }
        }
    }

    /// No core has two jobs, and no job a core that the pod does not have.
    private func lookAtCores(_ daemon: DaemonProcess) throws {
        let jobs = try daemon.json("/v1/jobs?limit=100")["jobs"]?.array ?? []
        var holders: [[Int]: String] = [:]
        for job in jobs where ["STARTING", "RUNNING", "STOPPING"].contains(job["state"]?.string) {
            for host in job["placement"]?["hosts"]?.array ?? [] {
                for core in host["cores"]?.array ?? [] {
                    let place = [host["host"]?.int ?? -1, core.int ?? -1]
                    if let other = holders.updateValue(job["id"]?.string ?? "", forKey: place) {
                        record.violation("core \(place) is held by \(other) and \(job["id"]?.string ?? "")")
                    }
                }
            }
        }
        if holders.count > 8 { record.violation("\(holders.count) cores of 8 are held") }
    }

    /// Lets go what was held after several starts without a clean stop.
    static func releaseHeld(on daemon: DaemonProcess, record: CampaignRecord) throws {
        for job in try daemon.json("/v1/queue")["jobs"]?.array ?? [] where job["pending"]?["reason"] == "HELD" {
            let id = job["id"]?.string ?? ""
            let reply = try daemon.send("POST", "/v1/jobs/\(id)/resume")
            record.count("resumed: \(reply.status)")
            if ![200, 202, 409, 503].contains(reply.status) {
                record.violation("\(id) is held, and resume was answered \(reply.status)")
            }
        }
    }
}

/// A connection whose client is gone as soon as it goes out of scope.
struct VanishingClient: ~Copyable {
    private let descriptor: Int32

    /// Connects to a daemon on 127.0.0.1.
    init(_ daemon: DaemonProcess) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(daemon.client.base.split(separator: ":").last ?? "0").map(\.bigEndian) ?? 0
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        let status = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw TransferError(.unreachable, "connect: \(errno)") }
    }

    deinit { close(descriptor) }

    /// Sends what the kernel takes at once.
    func send(_ text: String) {
        var text = text
        text.withUTF8 { _ = Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }
}
