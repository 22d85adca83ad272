import Executor
import Graph
import Testing

struct GeneratorKernelsTests {
    /// What one core makes of no input at all.
    private func values(_ executor: ExecutorUnderTest, _ make: (GraphBuilder) -> [Tensor]) throws -> [Literal] {
        let builder = GraphBuilder()
        let tensors = make(builder)
        let outfeed = tensors.enumerated().map { (name: "\($0.offset)", value: $0.element) }
        let outputs = try executor.step(builder.finish(outfeed: outfeed), inputs: [])
        return try tensors.enumerated().map {
            Literal(type: $0.element.type, bytes: try #require(outputs["\($0.offset)"]))
        }
    }

    @Test(arguments: ExecutorUnderTest.all)
    func countingAlongEachAxis(executor: ExecutorUnderTest) throws {
        for dtype in DType.allCases where dtype != .bool {
            let counts = try values(executor) { builder in
                [0, 1, -1].map { builder.iota(shape: [2, 3, 2], axis: $0, dtype: dtype) }
                    + [builder.iota(shape: [0, 3], axis: 1, dtype: dtype)]
            }
            #expect(counts[0].doubles == [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1], "\(dtype)")
            #expect(counts[1].doubles == [0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2], "\(dtype)")
            #expect(counts[2].doubles == [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1], "\(dtype)")
            #expect(counts[3].doubles == [], "\(dtype)")
        }
    }

    @Test(arguments: ExecutorUnderTest.all)
    func countingBeyondTheTypeWraps(executor: ExecutorUnderTest) throws {
        let counts = try values(executor) { builder in
            [builder.iota(shape: [300], dtype: .uint8), builder.iota(shape: [130], dtype: .int8)]
        }
        #expect(counts[0].integers[254...257] == [254, 255, 0, 1])
        #expect(counts[1].integers[126...129] == [126, 127, -128, -127])
    }

    /// Elements don't depend on how many others are drawn, nor on the precision; four come from one block.
    @Test(arguments: ExecutorUnderTest.all)
    func uniformNumbersAreThoseOfPhilox(executor: ExecutorUnderTest) throws {
        let philox = Philox(key: 9)
        for (count, draw) in [(1, 0), (4, 5), (5, -1), (11, .max), (0, 3)] as [(Int, Int64)] {
            let drawn = try values(executor) { builder in
                let counter = builder.constant(Literal(type: .scalar(.int64), integers: [draw]))
                return [DType.float32, .float64].map {
                    builder.randomUniform(shape: [count], dtype: $0, seed: 9, counter: counter)
                }
            }
            let expected = (0..<count).map { place in
                let block = philox.block(low: UInt64(place / 4), high: UInt64(bitPattern: draw))
                return Double(Philox.unitFloat(block[place % 4]))
            }
            #expect(drawn[0].doubles == expected, "\(count) of draw \(draw)")
            #expect(drawn[1].doubles == expected, "\(count) of draw \(draw)")
        }
    }
}
