import Formats
import TestSupport
import Testing

@Suite struct GzipTests {
    @Test(arguments: [0, 1, 1_000, 300_000])
    func whatIsCompressedComesBack(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 / 7) }
        let compressed = Gzip.compressed(bytes)
        #expect(GzipReader.isGzip(compressed))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count + 1, alignment: 1)
        defer { buffer.deallocate() }
        let read = try GzipReader(try openFile(compressed)).read(into: buffer)
        #expect(Array(buffer[..<read]) == bytes)
        #expect(Gzip.compressed(bytes) == compressed, "the same bytes give the same")
    }

    @Test func textBecomesShorter() {
        #expect(Gzip.compressed([UInt8](repeating: 0x61, count: 10_000)).count < 100)
    }
}
