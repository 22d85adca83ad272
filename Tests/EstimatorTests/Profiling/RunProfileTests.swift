import Estimator
import Formats
import Testing

@Suite struct RunProfileTests {
    private static let profile = RunProfile(
        firstStep: 11, lastStep: 12, nanoseconds: 5_000_000,
        spans: [
            .init(track: .device, name: "step 11", nanoseconds: 0..<2_000_500),
            .init(track: .infeed(host: 1), name: "batch 14", nanoseconds: 1000..<3000),
        ], dropped: 3)

    /// What Perfetto and chrome://tracing read: names of tracks, and things with begin and length in microseconds.
    @Test func chromeTrace() throws {
        let trace = Self.profile.chromeTrace(process: "job 7")
        let events = try #require(trace["traceEvents"]?.array)
        let names = events.filter { $0["ph"] == "M" && $0["name"] == "thread_name" }
        #expect(
            names.map { $0["args"]?["name"]?.string } == ["training loop", "device", "infeed of host 1"],
            "tracks that have nothing to show are left out, but for loop and device")
        #expect(events.first?["args"]?["name"] == "job 7")
        let things = events.filter { $0["ph"] == "X" }
        #expect(things.map { $0["name"]?.string } == ["step 11", "batch 14"])
        #expect(things.map { $0["ts"]?.double } == [0, 1] && things.map { $0["dur"]?.double } == [2000.5, 2])
        #expect(things.map { $0["tid"]?.int } == [names[1]["tid"]?.int, names[2]["tid"]?.int])
        #expect(things.allSatisfy { $0["pid"] == 1 } && trace["displayTimeUnit"] == "ms")
        #expect(trace["otherData"]?["first_step"] == 11 && trace["otherData"]?["last_step"] == 12)
        #expect(trace["otherData"]?["dropped"] == 3)
    }

    @Test func tracks() {
        let tracks: [RunProfile.Track] = [.loop, .device, .outfeed, .checkpoint, .infeed(host: 0), .infeed(host: 255)]
        #expect(Set(tracks.map(\.name)).count == tracks.count)
    }
}
