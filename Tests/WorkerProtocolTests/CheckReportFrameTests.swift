import Formats
import Jobs
import Testing
import WorkerProtocol

@Suite struct CheckReportFrameTests {
    static let reports = [
        CheckReport(
            number: 1, peakBytes: 5,
            finding: .passed(
                PassedCheck(
                    service: ["name": "a"], mode: .train, shards: 8, deviceJob: "w", specification: Array("{}".utf8),
                    plan: Array("{\"a\":1}".utf8)))),
        CheckReport(
            number: 2, peakBytes: 5,
            finding: .passed(
                PassedCheck(
                    service: [:], mode: .evaluate, shards: nil, deviceJob: "w", specification: Array("{}".utf8),
                    plan: nil,
                    files: ["a/b.csv": FileStamp(text: "1 2 3 4 5 6 7")!, "c": FileStamp(text: "0 0 0 0 0 0 0")!]))),
        CheckReport(
            number: 3, peakBytes: 0,
            finding: .faulty(
                FaultyCheck(
                    faults: [
                        SpecError(JSONPointer(tokens: ["a/b", "~"]), "is wrong"),
                        SpecError(.root, "is", code: "NOT_SUPPORTED"),
                    ], more: 7, shards: 8))),
        CheckReport(
            number: 4, peakBytes: 0, finding: .unreadable(UnreadableCheck(status: 413, code: nil, detail: "is long"))),
    ]

    /// All bytes in parts of so many.
    static func read<Reader: FrameReader>(
        _ pieces: [[UInt8]], by count: Int, _ reader: Reader
    ) throws(FrameError) -> [Reader.Frame] {
        var reader = reader
        var frames: [Reader.Frame] = []
        let bytes = pieces.flatMap { $0 }
        for start in stride(from: 0, to: bytes.count, by: count) {
            reader.append(bytes[start..<min(bytes.count, start + count)])
            while let frame = try reader.next() { frames.append(frame) }
        }
        return frames
    }

    @Test(arguments: [1, 3, 4, 1000]) func whatIsSentComesBack(_ count: Int) throws {
        #expect(
            try Self.read(Self.reports.flatMap(\.pieces), by: count, CheckReportReader(limit: 1000)) == Self.reports)
    }

    @Test func whatIsWrongIsRefused() {
        func report(_ frame: JSON) -> Bool {
            (try? Self.read([FrameCodec.encode(frame)], by: 1000, CheckReportReader(limit: 1000)))?.count == 1
        }
        let good: JSON = [
            "frame": "unreadable", "number": 1, "peak_bytes": 2, "status": 400, "code": nil, "detail": "x",
        ]
        #expect(report(good))
        for (name, value) in [
            ("number", -1), ("number", 9_007_199_254_740_992), ("peak_bytes", 1.5), ("status", 200), ("status", 500),
            ("detail", nil), ("more", 1), ("frame", "passed"), ("frame", "nothing"),
        ] as [(String, JSON)] {
            var bad = good
            bad[name] = value
            #expect(!report(bad), "\(bad)")
        }
        let empty: JSON = ["frame": "faulty", "number": 1, "peak_bytes": 2, "faults": [], "more": 0, "shards": nil]
        #expect(!report(empty))
        let long = FrameCodec.encode(good)
        #expect(throws: FrameError.self) { try Self.read([long], by: 1000, CheckReportReader(limit: 10)) }
    }

    /// A specification that does not come whole is no report, and neither is a plan that is promised and does not come.
    @Test func aReportIsWholeOrNone() throws {
        let bytes = Self.reports[0].pieces.flatMap { $0 }
        for count in 0..<bytes.count {
            var reader = CheckReportReader(limit: 1000)
            reader.append(bytes.prefix(count))
            #expect(try reader.next() == nil, "\(count) of \(bytes.count) bytes")
        }
    }

    @Test func theStatusOfWhatIsUnreadableIsTheClientsFault() {
        for (status, isTaken) in [(399, false), (400, true), (499, true), (500, false)] {
            let frame: JSON = [
                "frame": "unreadable", "number": 1, "peak_bytes": 2, "status": JSON(status), "code": nil, "detail": "x",
            ]
            let found = try? Self.read([FrameCodec.encode(frame)], by: 1000, CheckReportReader(limit: 1000))
            #expect((found != nil) == isTaken, "\(status)")
        }
    }
}
