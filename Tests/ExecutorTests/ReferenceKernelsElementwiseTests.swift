import Executor
import Graph
import Testing

struct ReferenceKernelsElementwiseTests {
    private func binary(_ op: BinaryOp, _ dtype: DType, _ a: Double, _ b: Double) throws -> Double {
        try Reference.evaluate(.binary(op), [Reference.value(dtype, [a]), Reference.value(dtype, [b])]).doubles[0]
    }

    @Test func wholeNumbersWrap() throws {
        #expect(try binary(.add, .uint8, 200, 100) == 44)
        #expect(try binary(.subtract, .uint8, 1, 2) == 255)
        #expect(try binary(.multiply, .int8, 100, 2) == -56)
        #expect(try binary(.add, .int32, 2_147_483_647, 1) == -2_147_483_648)
        let most = ReferenceValue(Literal(type: .scalar(.int64), integers: [.max]))
        #expect(try Reference.evaluate(.binary(.add), [most, most]).wholes == [-2])
        #expect(try Reference.evaluate(.unary(.negate), [Reference.value(.int8, [-128])]).wholes == [-128])
        #expect(try Reference.evaluate(.unary(.abs), [Reference.value(.int16, [-5])]).wholes == [5])
    }

    @Test func wholeNumbersDivideAsXLA() throws {
        #expect(try binary(.divide, .int32, -7, 2) == -3)
        #expect(try binary(.divide, .int32, 7, 0) == -1)
        #expect(try binary(.divide, .uint8, 7, 0) == 255)
        #expect(try binary(.remainder, .int32, -7, 2) == -1)
        #expect(try binary(.remainder, .int32, 7, 0) == 7)
        let least = ReferenceValue(Literal(type: .scalar(.int64), integers: [.min]))
        let minusOne = ReferenceValue(Literal(type: .scalar(.int64), integers: [-1]))
        #expect(try Reference.evaluate(.binary(.divide), [least, minusOne]).wholes == [.min])
        #expect(try Reference.evaluate(.binary(.remainder), [least, minusOne]).wholes == [0])
    }

    @Test func wholeNumbersHavePowers() throws {
        #expect(try binary(.power, .int64, 3, 4) == 81)
        #expect(try binary(.power, .int64, 3, 0) == 1)
        #expect(try binary(.power, .int64, 3, -1) == 0)
        #expect(try binary(.power, .int64, -1, -3) == -1)
        #expect(try binary(.power, .int64, 1, -3) == 1)
    }

    @Test func nanStays() throws {
        for op in [BinaryOp.maximum, .minimum] {
            #expect(try binary(op, .float32, .nan, 1).isNaN)
            #expect(try binary(op, .float32, 1, .nan).isNaN)
        }
        for op in [UnaryOp.relu, .sign, .softplus, .logistic, .tanh] {
            #expect(try Reference.evaluate(.unary(op), [Reference.value(.float32, [.nan])]).doubles[0].isNaN, "\(op)")
        }
        let row = Reference.value(.float32, [1, .nan, 2], [1, 3])
        #expect(try Reference.evaluate(.compare(.notEqual), [row, row]).wholes == [0, 1, 0])
        #expect(try Reference.evaluate(.compare(.lessOrEqual), [row, row]).wholes == [1, 0, 1])
        #expect(
            try Reference.evaluate(.unary(.isFinite), [Reference.value(.float32, [1, .nan, .infinity])]).wholes == [
                1, 0, 0,
            ])
    }

    @Test func largeArgumentsDontOverflow() throws {
        let x = Reference.value(.float32, [-1000, 1000])
        #expect(try Reference.evaluate(.unary(.logistic), [x]).doubles == [0, 1])
        #expect(try Reference.evaluate(.unary(.softplus), [x]).doubles == [0, 1000])
    }

    @Test func converts() throws {
        #expect(
            try Reference.evaluate(.convert(.int32), [Reference.value(.float32, [-1.9, 2.9, .nan])]).wholes == [
                -1, 2, 0,
            ])
        #expect(try Reference.evaluate(.convert(.uint8), [Reference.value(.int64, [300, -1])]).wholes == [255, 0])
        #expect(
            try Reference.evaluate(.convert(.bool), [Reference.value(.float32, [0.3, 0, -2])]).wholes == [1, 0, 1])
        #expect(try Reference.evaluate(.convert(.float64), [Reference.value(.bool, [1, 0])]).doubles == [1, 0])
        #expect(
            try Reference.evaluate(.convert(.float32), [Reference.value(.float64, [0.1])]).doubles == [
                Double(Float(0.1))
            ])
    }

    @Test func logic() throws {
        let (a, b) = (Reference.value(.bool, [0, 0, 1, 1]), Reference.value(.bool, [0, 1, 0, 1]))
        #expect(try Reference.evaluate(.logical(.and), [a, b]).wholes == [0, 0, 0, 1])
        #expect(try Reference.evaluate(.logical(.or), [a, b]).wholes == [0, 1, 1, 1])
        #expect(try Reference.evaluate(.logical(.xor), [a, b]).wholes == [0, 1, 1, 0])
        #expect(try Reference.evaluate(.unary(.not), [a]).wholes == [1, 1, 0, 0])
        #expect(try Reference.evaluate(.select, [a, b, a]).wholes == [0, 0, 0, 1])
    }

    @Test func whatIsSmallerThanItsTypeKeepsItsSign() throws {
        #expect(try binary(.remainder, .float32, -7, 3) == -1)
        #expect(try binary(.remainder, .float32, 7, -.infinity) == 7)
        #expect(try binary(.remainder, .float64, .infinity, 2).isNaN)
        let zero = try Reference.evaluate(.unary(.sign), [Reference.value(.float64, [-0.0])]).doubles[0]
        #expect(zero == 0 && zero.sign == .minus)
        #expect(try Reference.evaluate(.unary(.abs), [Reference.value(.int8, [-128])]).wholes == [-128])
        #expect(try binary(.squaredDifference, .int8, 100, -100) == 64, "200² is 40,000, of which 8 bits are 64")
    }

    /// Each comparison of a smaller, an equal and a larger number, in each family of elements.
    @Test(arguments: [DType.float32, .float64, .uint8])
    func comparesInEachFamily(dtype: DType) throws {
        let (a, b) = (Reference.value(dtype, [1, 2, 3]), Reference.value(dtype, [2, 2, 2]))
        let expected: [(Comparison, [Int64])] = [
            (.equal, [0, 1, 0]), (.notEqual, [1, 0, 1]), (.less, [1, 0, 0]), (.lessOrEqual, [1, 1, 0]),
            (.greater, [0, 0, 1]), (.greaterOrEqual, [0, 1, 1]),
        ]
        for (op, flags) in expected {
            let result = try Reference.evaluate(.compare(op), [a, b])
            #expect(result.wholes == flags && result.type == TensorType(.bool, [3]))
        }
    }

    @Test(arguments: DType.allCases)
    func choosesInEachFamily(dtype: DType) throws {
        let result = try Reference.evaluate(
            .select,
            [
                Reference.value(.bool, [1, 0]), Reference.value(dtype, [1, 1]), Reference.value(dtype, [0, 0]),
            ])
        #expect(result == Reference.value(dtype, [1, 0]))
    }
}
