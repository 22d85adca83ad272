import HTTP
import Testing

@Suite struct ScratchBufferTests {
    @Test func oneConnectionHasItAtATime() {
        let scratch = ScratchBuffer()
        #expect(scratch.lend(to: 3))
        #expect(scratch.lend(to: 3), "it has it already")
        #expect(!scratch.lend(to: 4))
        #expect(scratch.isLent(to: 3))
        #expect(!scratch.isLent(to: 4))
        scratch.bytes = [1, 2]
        scratch.takeBack(from: 4)
        #expect(scratch.bytes == [1, 2], "another's bytes are not touched")
        scratch.takeBack(from: 3)
        #expect(scratch.bytes == [])
        #expect(scratch.lend(to: 4))
    }

    @Test func aBufferThatGrewLargeIsNotKept() {
        let scratch = ScratchBuffer()
        _ = scratch.lend(to: 3)
        scratch.bytes = [UInt8](repeating: 0, count: 100_000)
        scratch.takeBack(from: 3)
        #expect(scratch.bytes.capacity >= 100_000)
        _ = scratch.lend(to: 3)
        scratch.bytes = [UInt8](repeating: 0, count: 2 << 20)
        scratch.takeBack(from: 3)
        #expect(scratch.bytes.capacity < 100_000)
    }
}
