import Crypto
import Formats
import Foundation
import OrderedCollections

/// How a job has ended, without what may differ between two runs of one specification: ids, times and attempts.
struct JobEnding {
    var state: String
    var reason: String?
    var errorCode: String?
    var errorStep: Int?
    /// The result as its JSON text.
    var result: String
    /// Step and value of every point of every series.
    var series: [String: [Point]]
    /// The listed checkpoints: SHA-256 of `model.safetensors` by step.
    var checkpoints: [Int: String]
    var latest: Int?
    /// The steps of all checkpoints that were ever written, as the events tell.
    var written: Set<Int>

    /// A point of a series, its numbers as they were written.
    struct Point: Equatable {
        var step: String
        var value: String
    }

    /// Reads it from a daemon.
    init(of id: String, on daemon: DaemonProcess) throws {
        let job = try daemon.json("/v1/jobs/\(id)")
        state = job["state"]?.string ?? ""
        reason = job["state_reason"]?.string
        errorCode = job["error"]?["code"]?.string
        errorStep = job["error"]?["step"]?.int
        result = String(decoding: (job["result"] ?? .null).serialized(), as: UTF8.self)
        latest = job["latest_checkpoint"]?["step"]?.int
        series = [:]
        for (name, points) in try daemon.json("/v1/jobs/\(id)/metrics")["series"]?.object ?? [:] {
            series[name] = (points.array ?? []).map { point in
                Point(step: Self.text(point[0]), value: Self.text(point[1]))
            }
        }
        let events = try daemon.json("/v1/jobs/\(id)/events")["events"]?.array ?? []
        written = Set(
            events.filter { $0["type"] == "CHECKPOINT" }.compactMap { event in
                event["data"]?["step"]?.int ?? event["data"]?["step"]?.string.flatMap { Int($0) }
            })
        checkpoints = [:]
        for row in try daemon.json("/v1/jobs/\(id)/checkpoints")["checkpoints"]?.array ?? [] {
            let model = row["files"]?.array?.first { $0["name"] == "model.safetensors" }
            checkpoints[row["step"]?.int ?? -1] = model?["sha256"]?.string ?? "no model.safetensors"
        }
    }

    private static func text(_ value: JSON?) -> String {
        String(decoding: (value ?? .null).serialized(), as: UTF8.self)
    }

    /// In what an ending differs from an undisturbed twin's, in words; empty where it does not.
    ///
    /// A job that was asked to stop has written a checkpoint between two of the twin's: then only what both have is
    /// compared, and how it ended.
    func differences(from twin: JobEnding) -> [String] {
        let isPaused = !written.isSubset(of: twin.written)
        var words: [String] = []
        func compare<Value: Equatable>(_ what: String, _ one: Value, _ other: Value) {
            if one != other { words.append("\(what) is \(one), the undisturbed twin's \(other)") }
        }
        compare("state", state, twin.state)
        compare("state_reason", reason, twin.reason)
        compare("error.code", errorCode, twin.errorCode)
        compare("error.step", errorStep, twin.errorStep)
        compare("result", result, twin.result)
        compare("names of series", series.keys.sorted(), twin.series.keys.sorted())
        for (name, points) in twin.series.sorted(by: { $0.key < $1.key }) {
            let mine = series[name] ?? []
            let steps = Set(mine.map(\.step)).intersection(points.map(\.step))
            let (one, other) =
                isPaused
                ? (mine.filter { steps.contains($0.step) }, points.filter { steps.contains($0.step) }) : (mine, points)
            if one != other { words.append("series \(name): " + Self.firstDifference(one, other)) }
            if isPaused, mine.last != points.last { words.append("series \(name) ends otherwise") }
        }
        for (step, digest) in twin.checkpoints.sorted(by: { $0.key < $1.key }) {
            guard let mine = checkpoints[step] else {
                if !isPaused { words.append("no checkpoint at step \(step), which the undisturbed twin has") }
                continue
            }
            if mine != digest { words.append("the checkpoint at step \(step) has other weights than the twin's") }
        }
        if !isPaused { compare("steps of checkpoints", checkpoints.keys.sorted(), twin.checkpoints.keys.sorted()) }
        if !isOfAPause(latest, before: errorStep, behind: twin) {
            compare("latest checkpoint's step", latest, twin.latest)
        }
        return words
    }

    /// Whether a step is that of a checkpoint that a run wrote when it was asked to stop, between its twin's last one and the
    /// step at which both fail.
    private func isOfAPause(_ step: Int?, before failing: Int?, behind twin: JobEnding) -> Bool {
        guard let step, let failing, written.contains(step), !twin.written.contains(step) else { return false }
        return (twin.latest ?? 0) < step && step < failing
    }

    private static func firstDifference(_ one: [Point], _ other: [Point]) -> String {
        if one.count != other.count {
            let missing = other.filter { !one.contains($0) }.prefix(3).map(\.step)
            return
                "\(one.count) points, the undisturbed twin has \(other.count); not there, or of another value, are those "
                + "at steps \(missing)"
        }
        guard let place = one.indices.first(where: { one[$0] != other[$0] }) else { return "" }
        return "at step \(one[place].step) \(one[place].value), the undisturbed twin has \(other[place].step), "
            + other[place].value
    }
}
