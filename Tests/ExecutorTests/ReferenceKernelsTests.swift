import Executor
import Graph
import Testing

/// The reference kernels where their definition is not that of the suite of numeric references: other element types,
/// edges, NaN.
struct ReferenceKernelsTests {
    private func evaluate(_ op: Op, _ operands: [ReferenceValue]) throws -> ReferenceValue {
        let type = try TypeRules(infeed: [], variables: []).result(op, operands.map(\.type))
        return try #require(ReferenceKernels.evaluate(op, operands, type))
    }

    private func value(_ dtype: DType, _ elements: [Double], _ shape: Shape? = nil) -> ReferenceValue {
        ReferenceValue(Literal(type: TensorType(dtype, shape ?? [elements.count]), doubles: elements))
    }

    private func binary(_ op: BinaryOp, _ dtype: DType, _ a: Double, _ b: Double) throws -> Double {
        try evaluate(.binary(op), [value(dtype, [a]), value(dtype, [b])]).doubles[0]
    }

    @Test func wholeNumbersWrap() throws {
        #expect(try binary(.add, .uint8, 200, 100) == 44)
        #expect(try binary(.subtract, .uint8, 1, 2) == 255)
        #expect(try binary(.multiply, .int8, 100, 2) == -56)
        #expect(try binary(.add, .int32, 2_147_483_647, 1) == -2_147_483_648)
        let most = ReferenceValue(Literal(type: .scalar(.int64), integers: [.max]))
        #expect(try evaluate(.binary(.add), [most, most]).wholes == [-2])
        #expect(try evaluate(.unary(.negate), [value(.int8, [-128])]).wholes == [-128])
        #expect(try evaluate(.unary(.abs), [value(.int16, [-5])]).wholes == [5])
    }

    @Test func wholeNumbersDivideAsXLA() throws {
        #expect(try binary(.divide, .int32, -7, 2) == -3)
        #expect(try binary(.divide, .int32, 7, 0) == -1)
        #expect(try binary(.divide, .uint8, 7, 0) == 255)
        #expect(try binary(.remainder, .int32, -7, 2) == -1)
        #expect(try binary(.remainder, .int32, 7, 0) == 7)
        let least = ReferenceValue(Literal(type: .scalar(.int64), integers: [.min]))
        let minusOne = ReferenceValue(Literal(type: .scalar(.int64), integers: [-1]))
        #expect(try evaluate(.binary(.divide), [least, minusOne]).wholes == [.min])
        #expect(try evaluate(.binary(.remainder), [least, minusOne]).wholes == [0])
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
            #expect(try evaluate(.unary(op), [value(.float32, [.nan])]).doubles[0].isNaN, "\(op)")
        }
        let row = value(.float32, [1, .nan, 2], [1, 3])
        #expect(try evaluate(.softmax, [row]).doubles.allSatisfy(\.isNaN))
        #expect(try evaluate(.logSoftmax, [row]).doubles.allSatisfy(\.isNaN))
        #expect(try evaluate(.reduce(.max, axes: [1]), [row]).doubles[0].isNaN)
        #expect(try evaluate(.reduce(.min, axes: [1]), [row]).doubles[0].isNaN)
        #expect(try evaluate(.argMax(axis: 1), [row]).wholes == [1])
        #expect(try evaluate(.compare(.notEqual), [row, row]).wholes == [0, 1, 0])
        #expect(try evaluate(.compare(.lessOrEqual), [row, row]).wholes == [1, 0, 1])
        #expect(try evaluate(.unary(.isFinite), [value(.float32, [1, .nan, .infinity])]).wholes == [1, 0, 0])
    }

    @Test func largeArgumentsDontOverflow() throws {
        let x = value(.float32, [-1000, 1000])
        #expect(try evaluate(.unary(.logistic), [x]).doubles == [0, 1])
        #expect(try evaluate(.unary(.softplus), [x]).doubles == [0, 1000])
        #expect(try evaluate(.softmax, [x]).doubles == [0, 1])
        #expect(try evaluate(.logSoftmax, [x]).doubles == [-2000, 0])
    }

    @Test func labelsOutsideGiveNaN() throws {
        let logits = value(.float32, [1, 2, 3, 4, 5, 6], [3, 2])
        let labels = ReferenceValue(Literal(type: TensorType(.int64, [3]), integers: [0, 2, -1]))
        let loss = try evaluate(.sparseSoftmaxCrossEntropy, [logits, labels]).doubles
        #expect(loss[0].isFinite && loss[1].isNaN && loss[2].isNaN)
        let ones = value(.float32, [1, 1, 1])
        let gradient = try evaluate(.sparseSoftmaxCrossEntropyGradient, [logits, labels, ones]).doubles
        #expect(gradient.map(\.isNaN) == [false, false, true, true, true, true])
    }

    @Test func converts() throws {
        #expect(try evaluate(.convert(.int32), [value(.float32, [-1.9, 2.9, .nan])]).wholes == [-1, 2, 0])
        #expect(try evaluate(.convert(.uint8), [value(.int64, [300, -1])]).wholes == [255, 0])
        #expect(try evaluate(.convert(.bool), [value(.float32, [0.3, 0, -2])]).wholes == [1, 0, 1])
        #expect(try evaluate(.convert(.float64), [value(.bool, [1, 0])]).doubles == [1, 0])
        #expect(try evaluate(.convert(.float32), [value(.float64, [0.1])]).doubles == [Double(Float(0.1))])
    }

    @Test func emptyReductionsGiveTheIdentity() throws {
        let nothing = value(.float32, [], [2, 0])
        #expect(try evaluate(.reduce(.sum, axes: [1]), [nothing]).doubles == [0, 0])
        #expect(try evaluate(.reduce(.product, axes: [1]), [nothing]).doubles == [1, 1])
        #expect(try evaluate(.reduce(.max, axes: [1]), [nothing]).doubles == [-.infinity, -.infinity])
        let wholes = value(.int8, [], [1, 0])
        #expect(try evaluate(.reduce(.max, axes: [1]), [wholes]).wholes == [-128])
        #expect(try evaluate(.reduce(.min, axes: [1]), [wholes]).wholes == [127])
        #expect(try evaluate(.softmax, [nothing]).doubles == [])
    }

    @Test func sumsAreExactBeforeTheyAreRounded() throws {
        let elements = [1e8, 1, -1e8, 1].map { Double($0) }
        #expect(try evaluate(.reduce(.sum, axes: [0]), [value(.float32, elements)]).doubles == [2])
    }

    @Test func movesElements() throws {
        let x = value(.int16, [1, 2, 3, 4, 5, 6], [2, 3])
        #expect(try evaluate(.transpose(permutation: [1, 0]), [x]).wholes == [1, 4, 2, 5, 3, 6])
        #expect(try evaluate(.slice(starts: [0, 0], limits: [2, 3], strides: [1, 2]), [x]).wholes == [1, 3, 4, 6])
        #expect(try evaluate(.concatenate(axis: 1), [x, x]).wholes == [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6])
        let fill = ReferenceValue(Literal(type: .scalar(.int16), integers: [9]))
        let padded = try evaluate(.pad(low: [0, 1], high: [1, 0], interior: [0, 1]), [x, fill])
        #expect(padded.type.shape == [3, 6])
        #expect(padded.wholes == [9, 1, 9, 2, 9, 3, 9, 4, 9, 5, 9, 6, 9, 9, 9, 9, 9, 9])
        #expect(try evaluate(.iota(type: TensorType(.int8, [2, 2]), axis: 0), []).wholes == [0, 0, 1, 1])
        #expect(try evaluate(.argMax(axis: 0), [value(.int16, [1, 5, 3, 3], [2, 2])]).wholes == [1, 0])
    }

    @Test func logic() throws {
        let (a, b) = (value(.bool, [0, 0, 1, 1]), value(.bool, [0, 1, 0, 1]))
        #expect(try evaluate(.logical(.and), [a, b]).wholes == [0, 0, 0, 1])
        #expect(try evaluate(.logical(.or), [a, b]).wholes == [0, 1, 1, 1])
        #expect(try evaluate(.logical(.xor), [a, b]).wholes == [0, 1, 1, 0])
        #expect(try evaluate(.unary(.not), [a]).wholes == [1, 1, 0, 0])
        #expect(try evaluate(.select, [a, b, a]).wholes == [0, 0, 0, 1])
    }

    @Test func randomNumbersAreThoseOfPhilox() throws {
        func draw(_ counter: Int64, seed: UInt64) throws -> [Double] {
            let counter = ReferenceValue(Literal(type: .scalar(.int64), integers: [counter]))
            return try evaluate(.randomUniform(type: TensorType(.float32, [1000]), seed: seed), [counter]).doubles
        }
        let numbers = try draw(5, seed: 9)
        let block = Philox(key: 9).block(low: 1, high: 5)
        #expect(numbers[4] == Double(Philox.unitFloat(block[0])))
        #expect(numbers.allSatisfy { $0 >= 0 && $0 < 1 })
        #expect(abs(numbers.reduce(0, +) / 1000 - 0.5) < 0.05)
        #expect(try numbers == draw(5, seed: 9))
        #expect(try numbers != draw(6, seed: 9))
        #expect(try numbers != draw(5, seed: 8))
    }
}
