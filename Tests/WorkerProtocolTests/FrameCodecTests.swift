import Testing
import WorkerProtocol

@Suite struct FrameCodecTests {
    @Test func shortPartsAreJoinedAndLongOnesLeft() {
        let short = [UInt8](repeating: 1, count: 10), long = [UInt8](repeating: 2, count: 1 << 16)
        #expect(FrameCodec.joined([]) == [])
        #expect(FrameCodec.joined([short, short, short]) == [short + short + short])
        #expect(FrameCodec.joined([short, short, long, short]) == [short + short, long, short])
        #expect(FrameCodec.joined([long, long]) == [long, long])
    }
}
