import Graph
import Testing

struct LiteralTests {
    @Test(arguments: DType.allCases)
    func keepsSmallNumbersInEveryType(dtype: DType) {
        let values: [Double] = dtype == .bool ? [0, 1, 1] : [0, 1, 100]
        let literal = Literal(type: TensorType(dtype, [3]), doubles: values)
        #expect(literal.bytes.count == 3 * dtype.size)
        #expect(literal.doubles == values)
        #expect(literal.floats == values.map(Float.init))
        #expect(literal.integers == values.map { Int64($0) })
        #expect(Literal(type: literal.type, integers: literal.integers) == literal)
    }

    @Test(arguments: [DType.int8, .int16, .int32, .int64, .float32, .float64])
    func keepsNegativeNumbers(dtype: DType) {
        #expect(Literal(type: .scalar(dtype), doubles: [-7]).integers == [-7])
    }

    @Test func cutsTowardZeroAndSaturates() {
        let literal = Literal(type: TensorType(.int64, [5]), doubles: [2.9, -2.9, .nan, .infinity, -1e300])
        #expect(literal.integers == [2, -2, 0, .max, .min])
    }

    @Test func comparesBits() {
        #expect(Literal.splat(0, .scalar(.float32)) != .splat(-0.0, .scalar(.float32)))
        #expect(Literal.splat(.nan, .scalar(.float32)) == .splat(.nan, .scalar(.float32)))
    }

    @Test(arguments: DType.allCases, [0, 1, 2, 5, 64])
    func repeatsOneNumber(dtype: DType, count: Int) {
        for value in [0.0, 1, 100] {
            let type = TensorType(dtype, [count])
            #expect(
                Literal.splat(value, type) == Literal(type: type, doubles: [Double](repeating: value, count: count)))
        }
    }

    @Test func knowsASplat() {
        #expect(Literal.splat(3, TensorType(.int16, [4])).splat == 3)
        #expect(Literal(type: TensorType(.int16, [2]), doubles: [3, 4]).splat == nil)
        #expect(Literal(type: TensorType(.float32, [0]), doubles: []).splat == nil)
    }
}
