import Executor
import Graph
import Testing

struct ReferenceKernelsMovementTests {
    @Test func movesElements() throws {
        let x = Reference.value(.int16, [1, 2, 3, 4, 5, 6], [2, 3])
        #expect(try Reference.evaluate(.transpose(permutation: [1, 0]), [x]).wholes == [1, 4, 2, 5, 3, 6])
        #expect(
            try Reference.evaluate(.slice(starts: [0, 0], limits: [2, 3], strides: [1, 2]), [x]).wholes == [1, 3, 4, 6])
        #expect(try Reference.evaluate(.concatenate(axis: 1), [x, x]).wholes == [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6])
        let fill = ReferenceValue(Literal(type: .scalar(.int16), integers: [9]))
        let padded = try Reference.evaluate(.pad(low: [0, 1], high: [1, 0], interior: [0, 1]), [x, fill])
        #expect(padded.type.shape == [3, 6])
        #expect(padded.wholes == [9, 1, 9, 2, 9, 3, 9, 4, 9, 5, 9, 6, 9, 9, 9, 9, 9, 9])
        #expect(try Reference.evaluate(.iota(type: TensorType(.int8, [2, 2]), axis: 0), []).wholes == [0, 0, 1, 1])
    }

    @Test func randomNumbersAreThoseOfPhilox() throws {
        func draw(_ counter: Int64, seed: UInt64) throws -> [Double] {
            let counter = ReferenceValue(Literal(type: .scalar(.int64), integers: [counter]))
            return try Reference.evaluate(.randomUniform(type: TensorType(.float32, [1000]), seed: seed), [counter])
                .doubles
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

    @Test func stretches() throws {
        let x = Reference.value(.float32, [1, 2], [2, 1])
        let op = Op.broadcast(shape: [2, 2, 3], dimensions: [1, 2])
        #expect(try Reference.evaluate(op, [x]).doubles == [1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2])
        let none = try Reference.evaluate(.broadcast(shape: [0, 1], dimensions: [1]), [Reference.value(.int8, [4])])
        #expect(none == Reference.value(.int8, [], [0, 1]))
    }

    @Test func edges() throws {
        let none = Reference.value(.float64, [], [0, 2])
        let fill = Reference.value(.float64, [7], [])
        let padded = try Reference.evaluate(.pad(low: [1, 0], high: [0, 1], interior: [3, 0]), [none, fill])
        #expect(padded == Reference.value(.float64, [7, 7, 7], [1, 3]))
        #expect(try Reference.evaluate(.concatenate(axis: 0), [none, none]) == none)
        let cut = try Reference.evaluate(
            .slice(starts: [1], limits: [3], strides: [.max]), [Reference.value(.float32, [1, 2, 3])])
        #expect(cut.doubles == [2])
        let counts = try Reference.evaluate(.iota(type: TensorType(.uint8, [300]), axis: 0), [])
        #expect(counts.wholes[254...257] == [254, 255, 0, 1])
        #expect(try Reference.evaluate(.iota(type: TensorType(.float64, [3]), axis: 0), []).doubles == [0, 1, 2])
    }

    @Test(arguments: [DType.bool, .uint8, .int64, .float32, .float64])
    func concatenatesInEachFamily(dtype: DType) throws {
        let (a, b) = (Reference.value(dtype, [1, 0], [2, 1]), Reference.value(dtype, [0, 1, 1, 1], [2, 2]))
        #expect(
            try Reference.evaluate(.concatenate(axis: 1), [a, b])
                == Reference.value(dtype, [1, 0, 1, 0, 1, 1], [2, 3]))
    }
}
