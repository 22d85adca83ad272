import Formats
import Jobs
import OrderedCollections
import Testing
import WorkerProtocol

@Suite struct DaemonFrameTests {
    static let assignment = Assignment(
        job: "01", attempt: 2, epoch: 7, spec: ["mode": "train"], modelDirectory: "/m", dataRoots: ["/a", "/b"],
        threads: 2, targetStep: nil, heartbeat: 0.5)

    static let daemonFrames: [DaemonFrame] =
        [.start(assignment), .checkpoint, .profile(steps: 3)] + StopIntent.allCases.map(DaemonFrame.stop)

    @Test(arguments: daemonFrames) func daemonFramesComeBack(frame: DaemonFrame) throws {
        #expect(try DaemonFrame(WorkerFrameTests.roundTrip(frame.json)) == frame)
    }

    @Test(
        arguments: [
            ("threads", 0, "is 0"), ("heartbeat_seconds", 0, "is not positive"),
            ("data_roots", ["a", 1], "not a string"),
            ("memory_bytes", "many", "is not a whole number"), ("extra", 1, "unknown field 'extra'"),
        ] as [(String, JSON, String)]) func badStartFramesAreRefused(name: String, value: JSON, words: String)
    {
        var json = DaemonFrame.start(Self.assignment).json
        json[name] = value
        let error = #expect(throws: FrameError.self) { try DaemonFrame(json) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test(
        arguments: [
            ([:], "called ''"), (["frame": "begin"], "called 'begin'"),
            (["frame": "stop"], "'intent' is missing"), (["frame": "stop", "intent": nil], "'intent' is null"),
            (["frame": "stop", "intent": "HUG"], "'intent' is not an intent"),
            (["frame": "checkpoint", "step": 1], "unknown field 'step'"),
            (["frame": "profile"], "'steps' is missing"), (["frame": "profile", "steps": 0], "'steps' is 0"),
            ([1], "called ''"),
        ] as [(JSON, String)]) func otherFramesAreRefused(json: JSON, words: String)
    {
        let error = #expect(throws: FrameError.self) { try DaemonFrame(json) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    /// Each member of a start is needed, null or not.
    @Test func noMemberOfAStartMayBeMissing() throws {
        let json = DaemonFrame.start(Self.assignment).json
        let names = try #require(json.object).keys
        for name in names where name != "frame" {
            var lacking = try #require(json.object)
            lacking[name] = nil
            let error = #expect(throws: FrameError.self) { try DaemonFrame(.object(lacking)) }
            #expect(error == .field(frame: "start", name: name, detail: "is missing"))
        }
    }
}
