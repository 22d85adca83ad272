import API
import Testing

@Suite struct ByteRangeTests {
    @Test(
        arguments: [
            (nil, .whole), ("", .whole), ("bytes=0-0", .part(0..<1)), ("bytes=0-99", .part(0..<100)),
            ("bytes=10-", .part(10..<100)), ("bytes=99-1000", .part(99..<100)), ("bytes=-10", .part(90..<100)),
            ("bytes=-1000", .part(0..<100)), ("BYTES=1-2", .part(1..<3)), ("bytes=100-", .unsatisfiable),
            ("bytes=100-200", .unsatisfiable), ("bytes=-0", .unsatisfiable), ("bytes=5-4", .whole),
            ("bytes=0-1,5-6", .whole), ("items=0-1", .whole), ("bytes=a-b", .whole), ("bytes=-", .whole),
            ("bytes=+1-2", .whole), ("=bytes=1-2", .whole), ("bytes==1-2", .whole), ("bytes= 1-2", .whole),
            ("bytes=1", .whole),
            ("bytes=99999999999999999999-", .unsatisfiable), ("bytes=1-99999999999999999999", .part(1..<100)),
            ("bytes=-99999999999999999999", .part(0..<100)),
        ] as [(String?, ByteRange)]) func fields(field: String?, range: ByteRange)
    {
        #expect(ByteRange(field: field, length: 100) == range)
    }

    @Test func nothingOfAnEmptyFileCanBeHad() {
        #expect(ByteRange(field: "bytes=0-", length: 0) == .unsatisfiable)
        #expect(ByteRange(field: "bytes=-5", length: 0) == .unsatisfiable)
        #expect(ByteRange(field: nil, length: 0) == .whole)
    }
}
