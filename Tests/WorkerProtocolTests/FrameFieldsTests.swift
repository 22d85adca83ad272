import Formats
import OrderedCollections
import Testing
import WorkerProtocol

@Suite struct FrameFieldsTests {
    @Test func momentsAndStepsHaveLimits() {
        func read(_ unix: JSON, _ step: JSON) -> Bool {
            let frame: JSON = [
                "frame": "series", "epoch": 1, "name": "loss", "steps": [step], "values": [1], "unix_s": [unix],
            ]
            return (try? WorkerFrame(frame)) != nil
        }
        #expect(read(1.5, 9_007_199_254_740_991))
        #expect(!read(1e18, 1) && !read(-1, 1) && !read(253_402_300_800, 1))
        #expect(!read(1, 9_007_199_254_740_992) && !read(1, 1e30))
    }

    /// A member of a frame, values that it takes, and values that it does not.
    private static let members: [(JSON, String, good: [JSON], bad: [JSON])] = [
        (
            ["frame": "log", "epoch": 1, "bytes": 0], "bytes", [0, 9_007_199_254_740_991],
            [-1, 1.5, 9_007_199_254_740_992, "1", nil, true, []]
        ),
        (["frame": "heartbeat", "epoch": 1, "work_seconds": 0], "work_seconds", [0, 0.5, 1e300], [-0.1, "1", nil]),
        (["frame": "damaged", "epoch": 1, "step": 1, "detail": ""], "detail", ["", "x"], [1, nil, []]),
        (
            ["frame": "started", "epoch": 1, "start_step": 1, "target_step": nil], "target_step", [nil, 0, 7],
            [-1, "7"]
        ),
        (["frame": "evaluation", "epoch": 1, "step": 1, "values": [:]], "values", [[:], ["a": nil], nil], [[1], 1]),
    ]

    @Test func everyMemberHasItsType() {
        for (frame, name, good, bad) in Self.members {
            for (values, isTaken) in [(good, true), (bad, false)] {
                for value in values {
                    var changed = frame
                    changed[name] = value
                    let read = try? WorkerFrame(changed)
                    #expect((read != nil) == isTaken, "\(name): \(value)")
                }
            }
        }
    }

    @Test func whatNobodyAskedForIsRefused() {
        let frame: JSON = ["frame": "log", "epoch": 1, "bytes": 1, "z": 1, "b": 2]
        #expect(throws: FrameError.unknownField(frame: "log", name: "b")) { try WorkerFrame(frame) }
    }
}
