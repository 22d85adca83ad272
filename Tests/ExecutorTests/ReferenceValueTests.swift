import Executor
import Graph
import Testing

struct ReferenceValueTests {
    @Test(arguments: DType.allCases)
    func aLiteralComesBackBitByBit(dtype: DType) {
        let numbers: [Double] = dtype.isFloating ? [-0.0, 1.5, .infinity, .nan, 1e30] : [-7, 0, 1, 1e9, -1e19]
        let literal = Literal(type: TensorType(dtype, [5]), doubles: numbers)
        let value = ReferenceValue(literal)
        #expect(value.type == literal.type)
        #expect(value.literal == literal)
        let none = Literal(type: TensorType(dtype, [0, 2]), doubles: [])
        #expect(ReferenceValue(none).literal == none)
    }

    @Test func eachTypeIsKeptInItsFamily() {
        for dtype in DType.allCases {
            switch ReferenceValue(.splat(1, TensorType(dtype, [2]))).storage {
            case .single(let elements): #expect(dtype == .float32 && elements == [1, 1])
            case .double(let elements): #expect(dtype == .float64 && elements == [1, 1])
            case .whole(let elements): #expect(!dtype.isFloating && elements == [1, 1])
            }
        }
    }

    @Test func readAsWholeNumbersAndAsDoubles() {
        let single = ReferenceValue(TensorType(.float32, [4]), .single([2.9, -2.9, .nan, .infinity]))
        #expect(single.wholes == [2, -2, 0, .max])
        #expect(single.doubles[0] == Double(Float(2.9)))
        let double = ReferenceValue(TensorType(.float64, [3]), .double([-1e300, 0.5, 0x1p53]))
        #expect(double.wholes == [.min, 0, 1 << 53])
        let whole = ReferenceValue(TensorType(.int64, [2]), .whole([.min, 1 << 53 + 1]))
        #expect(whole.wholes == [.min, 1 << 53 + 1])
        #expect(whole.doubles == [-0x1p63, 0x1p53])
    }

    @Test func oneElementThatIsNotFiniteIsEnough() {
        for bad in [Double.nan, .infinity, -.infinity] {
            for dtype in [DType.float32, .float64] {
                #expect(!ReferenceValue(Literal(type: TensorType(dtype, [3]), doubles: [1, 2, bad])).isFinite)
            }
        }
        #expect(ReferenceValue(.splat(.greatestFiniteMagnitude, TensorType(.float64, [2]))).isFinite)
        #expect(ReferenceValue(Literal(type: TensorType(.int64, [1]), integers: [.max])).isFinite)
        #expect(ReferenceValue(Literal(type: TensorType(.float32, [0]), doubles: [])).isFinite)
        #expect(!ReferenceValue(.splat(1e300, .scalar(.float32))).isFinite, "beyond what the type holds")
    }
}
