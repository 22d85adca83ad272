import Executor
import Glibc
import Graph
import Testing
import TestSupport

struct SoftmaxKernelTests {
    /// Each row's softmax by the definition that overflows; for small numbers.
    private static func softmax(_ row: ArraySlice<Double>) -> [Double] {
        let powers = row.map { exp($0) }
        return powers.map { $0 / powers.reduce(0, +) }
    }

    private static func rows(_ elements: [Double], _ width: Int) -> [ArraySlice<Double>] {
        stride(from: 0, to: elements.count, by: width).map { elements[$0..<($0 + width)] }
    }

    private static func literal(_ dtype: DType, _ shape: Shape, seed: UInt64) -> Literal {
        var random = SeededGenerator(seed: seed)
        let type = TensorType(dtype, shape)
        return Literal(type: type, doubles: (0..<type.count).map { _ in Double.random(in: -3...3, using: &random) })
    }

    private func expectClose(_ a: [Double], _ b: [Double], _ dtype: DType, _ comment: Comment) {
        let tolerance = dtype == .float32 ? 3e-6 : 1e-13
        #expect(a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }, comment)
    }

    @Test(arguments: ExecutorUnderTest.all, [DType.float32, .float64])
    func agreesWithTheDefinition(executor: ExecutorUnderTest, dtype: DType) throws {
        for shape in [[5], [3, 4], [2, 3, 4], [3, 1], [2, 700], [300, 2]] as [Shape] {
            let x = Self.literal(dtype, shape, seed: 5)
            let width = shape[shape.rank - 1]
            let expected = Self.rows(x.doubles, width).flatMap(Self.softmax)
            for result in try OneStep.results(executor, [x], { [$0[0].softmax(), $0[0].logSoftmax()] }) {
                expectClose(result[0].doubles, expected, dtype, "\(x.type)")
                expectClose(result[1].doubles, expected.map { log($0) }, dtype, "logarithm of \(x.type)")
            }
        }
    }

    @Test(arguments: ExecutorUnderTest.all, [DType.float32, .float64])
    func edges(executor: ExecutorUnderTest, dtype: DType) throws {
        let rows: [Double] = [-1_000, 1_000, 0, -.infinity, .nan, 0, .infinity, 0]
        let x = Literal(type: TensorType(dtype, [4, 2]), doubles: rows)
        for result in try OneStep.results(executor, [x], { [$0[0].softmax(), $0[0].logSoftmax()] }) {
            let (values, logarithms) = (result[0].doubles, result[1].doubles)
            #expect(Array(values[0..<4]) == [0, 1, 1, 0])
            #expect(Array(logarithms[0..<4]) == [-2_000, 0, 0, -.infinity])
            #expect((values[4...] + logarithms[4...]).allSatisfy { $0.isNaN || $0 == -.infinity })
            #expect(values[4].isNaN && values[5].isNaN && values[6].isNaN)
        }
        for shape in [[0, 3], [3, 0], [0]] as [Shape] {
            let none = Literal(type: TensorType(dtype, shape), doubles: [])
            for result in try OneStep.results(executor, [none], { [$0[0].softmax(), $0[0].logSoftmax()] }) {
                #expect(result == [none, none])
            }
        }
    }

    /// More rows than labels are read at a time, labels of every type.
    @Test(arguments: ExecutorUnderTest.all, [DType.float32, .float64])
    func crossEntropies(executor: ExecutorUnderTest, dtype: DType) throws {
        let (rows, classes) = (300, 3)
        let logits = Self.literal(dtype, [rows, classes], seed: 6)
        let weights = Literal(type: TensorType(dtype, [rows]), doubles: (0..<rows).map { Double($0 % 5) - 1 })
        let shares = Self.rows(logits.doubles, classes).map(Self.softmax)
        let labels = (0..<rows).map { Int64($0 * 7 % classes) }
        let losses = zip(shares, labels).map { -log($0[Int($1)]) }
        let slopes = zip(shares, labels).map { row, label in
            row.enumerated().map { $1 - ($0 == Int(label) ? 1 : 0) }
        }
        for type in DType.allCases where type.isInteger {
            let literal = Literal(type: TensorType(type, [rows]), integers: labels)
            let results = try OneStep.results(executor, [logits, literal, weights]) { x in
                let loss = x[0].sparseSoftmaxCrossEntropy(labels: x[1])
                return [
                    loss, x[0].builder.add(.sparseSoftmaxCrossEntropyGradient, x),
                    // All rows have the mean's upstream.
                    x[0].builder.gradients(of: loss.reduceMean(), withRespectTo: [x[0]])[0],
                ]
            }
            for result in results {
                expectClose(result[0].doubles, losses, dtype, "\(type)")
                let weighted = zip(slopes, weights.doubles).flatMap { row, weight in row.map { $0 * weight } }
                expectClose(result[1].doubles, weighted, dtype, "\(type)")
                expectClose(result[2].doubles, slopes.flatMap { $0.map { $0 / Double(rows) } }, dtype, "\(type)")
            }
        }
    }

    @Test(arguments: ExecutorUnderTest.all, [DType.float32, .float64])
    func labelsThatAreNoClasses(executor: ExecutorUnderTest, dtype: DType) throws {
        let logits = Literal(type: TensorType(dtype, [4, 2]), doubles: [1, 2, 3, 4, 5, 6, 7, 8])
        let ones = Literal(type: TensorType(dtype, [4]), doubles: [1, 1, 1, 1])
        let labels = Literal(type: TensorType(.int64, [4]), integers: [2, 1, -1, .max])
        let results = try OneStep.results(executor, [logits, labels, ones]) { x in
            [x[0].sparseSoftmaxCrossEntropy(labels: x[1]), x[0].builder.add(.sparseSoftmaxCrossEntropyGradient, x)]
        }
        for result in results {
            #expect(result[0].doubles.map(\.isNaN) == [true, false, true, true])
            #expect(result[1].doubles.map(\.isNaN) == [true, true, false, false, true, true, true, true])
        }
    }
}
