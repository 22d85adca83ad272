import Executor
import Testing
import TestSupport

struct MatrixProductTests {
    /// Whole numbers, so that no order of summation shows.
    private static func numbers<T: BinaryFloatingPoint>(_ count: Int, _ random: inout SeededGenerator) -> [T] {
        (0..<count).map { _ in T(Int.random(in: -9...9, using: &random)) }
    }

    private static func definition<T: BinaryFloatingPoint>(
        _ product: MatrixProduct, _ a: [T], _ b: [T], m: Int, n: Int, k: Int
    ) -> [T] {
        (0..<m).flatMap { i in
            (0..<n).map { j in
                (0..<k).reduce(0 as T) { sum, l in
                    sum + a[product.transposeLHS ? l * m + i : i * k + l]
                        * b[product.transposeRHS ? j * k + l : l * n + j]
                }
            }
        }
    }

    @Test(arguments: [UInt64.random(in: .min ... .max), 1])
    func agreesWithTheDefinition(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for (left, right) in [(false, false), (false, true), (true, false), (true, true)] {
            let product = MatrixProduct(transposeLHS: left, transposeRHS: right)
            for _ in 0..<10 {
                let (m, n, k) = (random.below(9), random.below(9), random.below(9))
                let comment: Comment = "seed \(seed), \(left), \(right), [\(m),\(k)]·[\(k),\(n)]"
                let (a, b): ([Float], [Float]) = (Self.numbers(m * k, &random), Self.numbers(k * n, &random))
                // What was there is overwritten, and what is behind is not.
                var c = [Float](repeating: .nan, count: m * n + 1)
                try product.multiply(a, b, into: &c, m: m, n: n, k: k)
                #expect(Array(c.dropLast()) == Self.definition(product, a, b, m: m, n: n, k: k), comment)
                #expect(c.last?.isNaN == true, comment)
                let (x, y) = (a.map(Double.init), b.map(Double.init))
                var z = [Double](repeating: .nan, count: m * n + 1)
                product.multiply(x, y, into: &z, m: m, n: n, k: k)
                #expect(Array(z.dropLast()) == Self.definition(product, x, y, m: m, n: n, k: k), comment)
                #expect(z.last?.isNaN == true, comment)
            }
        }
    }

    /// 0 times what is not a number is not 0.
    @Test func whatIsNotANumberGoesOn() throws {
        let product = MatrixProduct(transposeLHS: false, transposeRHS: false)
        var c: [Float] = [0]
        try product.multiply([0, 1], [.infinity, 1], into: &c, m: 1, n: 1, k: 2)
        #expect(c[0].isNaN)
        var z: [Double] = [0]
        product.multiply([0, 1], [.nan, 1], into: &z, m: 1, n: 1, k: 2)
        #expect(z[0].isNaN)
    }
}
