import Executor
import Testing

/// Memory that a step may rely on to be zero.
struct ZeroedBlockTests {
    @Test(arguments: [0, 1, 63, 64, 65, 4_096, 5 << 20]) func isZeroAndBeginsOnACacheLine(bytes: Int) {
        for _ in 0..<3 {
            let block = ZeroedBlock(byteCount: bytes)
            #expect(block.byteCount == bytes)
            #expect(Int(bitPattern: block.address).isMultiple(of: 64))
            let contents = UnsafeMutableRawBufferPointer(start: block.address, count: bytes)
            #expect(contents.allSatisfy { $0 == 0 })
            // What was written is not what the next one finds.
            contents.initializeMemory(as: UInt8.self, repeating: 255)
        }
    }

    @Test func aRefusedOneEndsTheProcessInTheRuntimesWords() async throws {
        let result = try #require(
            await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                _ = ZeroedBlock(byteCount: .max)
            })
        let said = String(decoding: result.standardErrorContent, as: UTF8.self)
        #expect(said.contains("Fatal error: failed to allocate \(Int.max) bytes of memory"))
    }
}
