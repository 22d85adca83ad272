import Graph
import Testing

struct DTypeTests {
    @Test func whatIsWhat() {
        #expect(DType.allCases.filter(\.isFloating) == [.float32, .float64])
        #expect(DType.allCases.filter(\.isInteger) == [.uint8, .int8, .uint16, .int16, .int32, .int64])
        #expect(DType.allCases.filter { !$0.isInteger && !$0.isFloating } == [.bool])
    }

    /// A size of n bytes and a first bound say the rest: two's complement.
    @Test(arguments: DType.allCases.filter(\.isInteger))
    func boundsFollowFromTheSize(dtype: DType) {
        let (least, most) = dtype.bounds
        #expect(UInt64(bitPattern: most &- least) == UInt64.max >> (64 - 8 * UInt64(dtype.size)))
        #expect(least == 0 || least == -1 - most)
        #expect((least == 0) == dtype.rawValue.hasPrefix("u"))
    }

    @Test(arguments: DType.allCases.filter(\.isInteger))
    func nearestKeepsWhatFitsAndMovesTheRestToItsBound(dtype: DType) {
        let (least, most) = dtype.bounds
        for value in [least, most, least / 2, most / 2, 0, 1] { #expect(dtype.nearest(value) == value) }
        if least > .min { #expect(dtype.nearest(least - 1) == least) }
        if most < .max { #expect(dtype.nearest(most + 1) == most) }
        #expect(dtype.nearest(.min) == least)
        #expect(dtype.nearest(.max) == most)
    }

    /// Not the nearest bound: −5 is true.
    @Test func boolsAreWhatIsNotZero() {
        #expect([Int64.min, -5, 0, 1, 2, .max].map(DType.bool.nearest) == [1, 1, 0, 1, 1, 1])
    }

    @Test func floatsLeaveWholeNumbersAsTheyAre() {
        for value in [Int64.min, -1, 0, .max] {
            #expect(DType.float32.nearest(value) == value)
            #expect(DType.float64.nearest(value) == value)
        }
    }
}
