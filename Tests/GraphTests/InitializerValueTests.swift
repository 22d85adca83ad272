import Graph
import Testing

struct InitializerValueTests {
    private static let type = TensorType(.float32, [100, 50])

    private static func values(_ initializer: Initializer, seed: UInt64 = 7, name: String = "kernel") -> [Double] {
        initializer.value(type: type, seed: seed, name: name).doubles
    }

    private static func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        return (mean, variance.squareRoot())
    }

    @Test func fillsConstants() {
        #expect(Set(Self.values(.zeros)) == [0])
        #expect(Set(Self.values(.ones)) == [1])
        #expect(Set(Self.values(.constant(2.5))) == [2.5])
        let literal = Literal(type: TensorType(.int64, [2]), integers: [4, 5])
        #expect(Initializer.literal(literal).value(type: literal.type, seed: 1, name: "x") == literal)
    }

    @Test func dependsOnSeedAndNameAlone() {
        let values = Self.values(.glorotUniform)
        #expect(values == Self.values(.glorotUniform))
        #expect(values != Self.values(.glorotUniform, seed: 8))
        #expect(values != Self.values(.glorotUniform, name: "kernel_1"))
        // A prefix of a longer variable: elements don't depend on the number of others.
        let longer = Initializer.uniform(low: 0, high: 1).value(type: TensorType(.float32, [9]), seed: 1, name: "x")
        let shorter = Initializer.uniform(low: 0, high: 1).value(type: TensorType(.float32, [4]), seed: 1, name: "x")
        #expect(Array(longer.floats.prefix(4)) == shorter.floats)
    }

    @Test func drawsUniformly() {
        let values = Self.values(.uniform(low: -2, high: 4))
        #expect(values.allSatisfy { $0 >= -2 && $0 < 4 })
        let (mean, deviation) = Self.moments(values)
        #expect(abs(mean - 1) < 0.1)
        #expect(abs(deviation - 6 / 12.0.squareRoot()) < 0.05)
    }

    @Test func drawsGaussians() {
        let (mean, deviation) = Self.moments(Self.values(.normal(mean: 3, standardDeviation: 2)))
        #expect(abs(mean - 3) < 0.1)
        #expect(abs(deviation - 2) < 0.1)
        let cut = Self.values(.truncatedNormal(mean: 0, standardDeviation: 1))
        #expect(cut.allSatisfy { abs($0) <= 2 })
        #expect(abs(Self.moments(cut).deviation - 0.8796) < 0.03)
    }

    @Test(arguments: [
        (Initializer.glorotUniform, 75.0, 1.0), (.glorotNormal, 75, 1), (.heUniform, 100, 2), (.heNormal, 100, 2),
        (.lecunUniform, 100, 1), (.lecunNormal, 100, 1),
        (.varianceScaling(scale: 1, fan: .fanOut, distribution: .untruncatedNormal), 50, 1),
    ])
    func scalesByTheFan(initializer: Initializer, fan: Double, scale: Double) {
        let (mean, deviation) = Self.moments(Self.values(initializer))
        let expected = (scale / fan).squareRoot()
        #expect(abs(mean) < 0.1 * expected)
        #expect(abs(deviation - expected) < 0.05 * expected)
    }

    @Test func knowsTheFansOfOtherShapes() {
        #expect(Initializer.Fan.fanIn.value(of: [5, 5, 3, 8]) == 75)
        #expect(Initializer.Fan.fanOut.value(of: [5, 5, 3, 8]) == 200)
        #expect(Initializer.Fan.fanAverage.value(of: [6]) == 6)
        #expect(Initializer.Fan.fanIn.value(of: .scalar) == 1)
    }

    /// Distributions that no draw leaves: those without width, and those without elements.
    @Test func edges() {
        #expect(Set(Self.values(.uniform(low: 3, high: 3))) == [3])
        #expect(Set(Self.values(.normal(mean: -2, standardDeviation: 0))) == [-2])
        #expect(Set(Self.values(.truncatedNormal(mean: 5, standardDeviation: 0))) == [5])
        let none = TensorType(.float32, [0, 4])
        for initializer in [Initializer.zeros, .glorotUniform, .heNormal, .normal(mean: 0, standardDeviation: 1)] {
            #expect(initializer.value(type: none, seed: 1, name: "x").bytes.isEmpty)
        }
    }

    /// Half the fans of [3,5] is 4; a kernel without inputs divides by 1, not by 0.
    @Test func fansAreAtLeastOne() {
        #expect(Initializer.Fan.fanAverage.value(of: [3, 5]) == 4)
        #expect(Initializer.Fan.fanAverage.value(of: [2, 3]) == 2.5)
        for fan in Initializer.Fan.allCases { #expect(fan.value(of: [0, 0]) == 1) }
        #expect(Initializer.Fan.fanIn.value(of: [0, 7]) == 1)
        #expect(Initializer.Fan.fanOut.value(of: [0, 7]) == 7)
        #expect(Initializer.Fan.fanIn.value(of: [1 << 16, 1 << 16, 1 << 15, 1]) == 0x1p47, "the largest there is")
    }

    /// The same draws, seen through each type: what the type can't hold is cut as a conversion does.
    @Test func wholeNumbersAreCutTowardZero() {
        let initializer = Initializer.uniform(low: -3, high: 3)
        let doubles = initializer.value(type: TensorType(.float64, [50]), seed: 9, name: "x").doubles
        let wholes = initializer.value(type: TensorType(.int16, [50]), seed: 9, name: "x").integers
        #expect(wholes == doubles.map { Int64($0) })
        let bytes = initializer.value(type: TensorType(.uint8, [50]), seed: 9, name: "x").integers
        #expect(bytes == doubles.map { max(0, Int64($0)) })
    }

    /// A literal is what it is, whatever type is asked for: that they agree is the verifier's to see.
    @Test func literalsAreNotConverted() {
        let literal = Literal(type: TensorType(.int64, [2]), integers: [4, 5])
        let value = Initializer.literal(literal).value(type: TensorType(.float32, [9]), seed: 1, name: "x")
        #expect(value == literal)
    }
}
