import Formats
import Jobs
import OrderedCollections
import Testing
import WorkerProtocol
import TestSupport

/// No bytes trap a reader, and no number past a limit comes through.
@Suite struct FrameReaderTests {
    private static let numbers: [JSON] = [
        0, 1, -1, 9_007_199_254_740_991, 9_007_199_254_740_992, .init(Int.max), .init(Int.min), 1e21, 1e308, -1e308,
        1.5,
        253_402_300_799, 253_402_300_800, nil, true, "x", [], [:],
    ]

    @Test func noFrameTraps() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        let frames = WorkerFrameTests.reports.map { WorkerFrame(epoch: 1, report: $0).json }
        for _ in 0..<20_000 {
            var frame = try #require(frames.randomElement(using: &random))
            let names = frame.object.map { Array($0.keys) } ?? []
            for _ in 0...Int.random(in: 0...1, using: &random) {
                let name = try #require(names.randomElement(using: &random))
                if name != "frame" { frame[name] = Self.numbers.randomElement(using: &random) }
            }
            var bytes = FrameCodec.encode(frame)
            if Int.random(in: 0..<4, using: &random) == 0 {
                bytes[Int.random(in: 4..<bytes.count, using: &random)] = UInt8.random(in: 0 ... .max, using: &random)
            }
            var reader = WorkerFrameReader()
            reader.append(bytes[...])
            guard let read = try? reader.next() else { continue }
            #expect(read.epoch >= 0 && read.epoch < 1 << 53, "seed \(seed)")
            switch read.report {
            case .series(_, let points):
                for point in points {
                    #expect((0..<1 << 53).contains(point.step), "seed \(seed)")
                    #expect((0...253_402_300_799).contains(point.unixSeconds ?? 0), "seed \(seed)")
                }
            case .progress(let progress):
                #expect((0..<1 << 53).contains(progress.globalStep), "seed \(seed)")
                #expect((progress.stepsPerSecond ?? 0) >= 0 && (progress.etaSeconds ?? 0) >= 0, "seed \(seed)")
                #expect((0...1).contains(progress.infeedWaitFraction ?? 0), "seed \(seed)")
            case .heartbeat(let seconds): #expect(seconds >= 0, "seed \(seed)")
            case .log(let bytes): #expect((0..<1 << 53).contains(bytes), "seed \(seed)")
            default: continue
            }
        }
    }

    @Test func noBytesTrap() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0..<40, using: &random)).map { place in
                place < 3 ? 0 : UInt8.random(in: 0...127, using: &random)
            }
            var worker = WorkerFrameReader()
            worker.append(bytes[...])
            while let _ = try? worker.next() {}
            var report = CheckReportReader(limit: 100)
            report.append(bytes[...])
            while let _ = try? report.next() {}
            var request = CheckRequestReader()
            request.append(bytes[...])
            while let _ = try? request.next() {}
        }
    }
}
