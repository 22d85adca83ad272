import Formats
import OrderedCollections
import Testing
import WorkerProtocol

@Suite struct CheckRequestTests {
    static let requests = [
        CheckRequest(
            number: 1, body: Array("{}".utf8), dataRoots: ["/a", "/b"], isDryRun: true,
            limits: .init(processorSeconds: 2, memoryBytes: 3, specificationBytes: 4),
            worker: .init(threads: 2, memoryBytes: 5, jobsFolder: "/state/jobs", programs: ["a", "b"])),
        CheckRequest(
            number: 2, body: [], dataRoots: [], isDryRun: false,
            limits: .init(processorSeconds: 2, memoryBytes: 3, specificationBytes: 4)),
        CheckRequest(
            number: 3, body: [0xFF, 0, 1], dataRoots: [], isDryRun: false,
            limits: .init(processorSeconds: 2, memoryBytes: 3, specificationBytes: 4)),
    ]

    @Test(arguments: [1, 3, 4, 1000]) func whatIsSentComesBack(_ count: Int) throws {
        let pieces = Self.requests.flatMap(\.pieces)
        #expect(try CheckReportFrameTests.read(pieces, by: count, CheckRequestReader()) == Self.requests)
    }

    @Test func everyMemberIsNeededAndNoOtherIsTaken() throws {
        let first = try #require(Self.requests.first?.pieces.flatMap { $0 })
        var decoder = FrameDecoder(limit: 1000)
        decoder.append(first)
        let frame = try #require(try decoder.next()?.object)
        func isTaken(_ members: OrderedDictionary<String, JSON>) -> Bool {
            let pieces = [FrameCodec.encode(.object(members)), [0, 0, 0, 0]]
            return (try? CheckReportFrameTests.read(pieces, by: 1000, CheckRequestReader()))?.count == 1
        }
        #expect(isTaken(frame))
        for name in frame.keys {
            var lacking = frame
            lacking[name] = nil
            #expect(!isTaken(lacking), "\(name)")
        }
        var more = frame
        more["more"] = 1
        #expect(!isTaken(more))
        more = frame
        more["frame"] = "passed"
        #expect(!isTaken(more))
        more = frame
        more["processor_seconds"] = -1
        #expect(!isTaken(more))
    }
}
