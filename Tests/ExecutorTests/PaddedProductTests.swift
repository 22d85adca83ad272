import Executor
import TestSupport
import Testing

/// Products with scratch memory against those without, over extents on both sides of where copies are made.
struct PaddedProductTests {
    @Test(arguments: [(false, false), (false, true), (true, false), (true, true)])
    func copiesChangeNothing(left: Bool, right: Bool) throws {
        var random = SeededGenerator(seed: 5)
        let product = MatrixProduct(transposeLHS: left, transposeRHS: right)
        for (m, n) in [(31, 256), (32, 256), (256, 32), (256, 31), (256, 512), (70, 300), (512, 260), (512, 768)] {
            for k in [1, 40, 512, 1_100] {
                // Whole numbers, so that no order of summation shows.
                let a = (0..<(m * k)).map { _ in Float(Int.random(in: -9...9, using: &random)) }
                let b = (0..<(k * n)).map { _ in Float(Int.random(in: -9...9, using: &random)) }
                var expected = [Float](repeating: .nan, count: m * n)
                try product.multiply(a, b, into: &expected, m: m, n: n, k: k)
                var c = [Float](repeating: .nan, count: m * n + 1)
                let count = product.scratchCount(m: m, n: n, k: k)
                var scratch = [Float](repeating: -1, count: count + 1)
                try product.multiply(a, b, into: &c, m: m, n: n, k: k, scratch: &scratch)
                #expect(Array(c.dropLast()) == expected && c.last?.isNaN == true, "[\(m),\(k)]·[\(k),\(n)]")
                #expect(scratch.last == -1)
            }
        }
    }

    @Test func fewerRowsNeedNoMore() {
        for left in [false, true] {
            let product = MatrixProduct(transposeLHS: left, transposeRHS: false)
            let counts = [16, 64, 256, 512, 2_000].map { rows in
                left
                    ? product.scratchCount(m: 256, n: 1_024, k: rows)
                    : product.scratchCount(m: rows, n: 1_024, k: 256)
            }
            #expect(counts == counts.sorted() && counts[0] > 0)
        }
        #expect(MatrixProduct(transposeLHS: false, transposeRHS: true).scratchCount(m: 512, n: 512, k: 512) == 0)
        #expect(MatrixProduct(transposeLHS: false, transposeRHS: false).scratchCount(m: 512, n: 300, k: 512) == 0)
    }
}
