import Formats
import Testing

@Suite struct ElementTypeTests {
    /// Size in bytes, whether it has fractions, whether it is whole.
    static let rows: [(ElementType, Int, Bool, Bool)] = [
        (.bool, 1, false, false), (.uint8, 1, false, true), (.int8, 1, false, true), (.uint16, 2, false, true),
        (.int16, 2, false, true), (.uint32, 4, false, true), (.int32, 4, false, true), (.uint64, 8, false, true),
        (.int64, 8, false, true), (.float16, 2, true, false), (.bfloat16, 2, true, false), (.float32, 4, true, false),
        (.float64, 8, true, false),
    ]

    @Test func everyTypeHasItsSizeAndKind() {
        #expect(Self.rows.map(\.0) == ElementType.allCases)
        for (type, size, hasFractions, isWhole) in Self.rows {
            #expect(type.size == size && type.isFloatingPoint == hasFractions && type.isInteger == isWhole, "\(type)")
            #expect(ElementType(rawValue: "\(type)") == type)
            #expect(type.bytes(ofShape: [3, 0, 2]) == 0)
            #expect(type.bytes(ofShape: [3, 2]) == 6 * size)
            #expect(type.bytes(ofShape: [0, -1]) == nil)
            #expect(type.bytes(ofShape: [.max / size]) == .max / size * size)
            #expect(type.bytes(ofShape: [.max / 2, 3]) == nil)
        }
    }
}
