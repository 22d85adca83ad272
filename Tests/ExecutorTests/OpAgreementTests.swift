import Executor
import Graph
import TestSupport
import Testing

/// Every op by itself against the definition: over every small shape, zero extents and batches of one among them, with small
/// whole numbers; and over large shapes drawn from a seed.
struct OpAgreementTests {
    /// Fixed ones: near a corner (a remainder, an argMax) two right roundings may part, which a fresh seed would find some day.
    private static let seeds: Range<UInt64> = 0..<2
    private static let kinds = Op.Kind.allCases.filter { OpCases.elsewhere[$0] == nil }

    /// A kind without cases here or a suite elsewhere fails.
    @Test func everyKindOfOpHasCases() {
        var random = SeededGenerator(seed: 0)
        for kind in Self.kinds {
            let small = Self.small(kind)
            let large = OpCases.large(kind, &random) ?? OpCases.all(kind, OpCases.largeShapes(&random)) ?? []
            for (cases, size) in [(small, "small"), (large, "large")] {
                let ops = cases.flatMap { one in Self.taken(one).map(\.kind) }
                #expect(Set(ops) == [kind], "\(size) cases of \(kind)")
            }
            #expect(
                small.contains { $0.operands.contains { $0.type.count == 0 } }
                    || [.iota, .randomUniform].contains(kind))
        }
        #expect(OpCases.elsewhere.keys.allSatisfy { OpCases.all($0, OpCases.smallShapes) == nil })
    }

    @Test(arguments: kinds) func agreesOverSmallShapes(kind: Op.Kind) throws {
        var random = SeededGenerator(seed: 1)
        for one in Self.small(kind) { try check(one, isLarge: false, on: ExecutorUnderTest.all[1], &random, "\(kind)") }
    }

    @Test(arguments: kinds, ExecutorUnderTest.all.dropFirst())
    func agreesOverLargeShapes(kind: Op.Kind, executor: ExecutorUnderTest) throws {
        for seed in Self.seeds {
            var random = SeededGenerator(seed: seed)
            let cases = OpCases.large(kind, &random) ?? OpCases.all(kind, OpCases.largeShapes(&random)) ?? []
            for one in cases { try check(one, isLarge: true, on: executor, &random, "\(kind), seed \(seed)") }
        }
    }

    private static func small(_ kind: Op.Kind) -> [OpCases] {
        OpCases.small(kind) ?? OpCases.all(kind, OpCases.smallShapes) ?? []
    }

    /// The ops that take the operands.
    private static func taken(_ one: OpCases) -> [Op] {
        let rules = TypeRules(infeed: [], variables: [])
        return one.ops.filter { (try? rules.result($0, operands(of: $0, one.operands.map(\.type)))) != nil }
    }

    /// None for what takes none: the operand is there only to say whose graph it is.
    private static func operands<Value>(of op: Op, _ given: [Value]) -> [Value] {
        TypeRules.operandCount(op) == 0 ? [] : given
    }

    private func check(
        _ one: OpCases, isLarge: Bool, on executor: ExecutorUnderTest, _ random: inout SeededGenerator,
        _ comment: String
    ) throws {
        let ops = Self.taken(one)
        guard !ops.isEmpty else { return }
        var operands: [Literal] = []
        for operand in one.operands { operands.append(Self.literal(operand, isLarge: isLarge, &random)) }
        let results = try OneStep.results(executor, operands) { tensors in
            ops.map { tensors[0].builder.add($0, Self.operands(of: $0, tensors)) }
        }
        let values = operands.map { ReferenceValue($0) }
        for (way, literals) in zip(["by rows", "as a whole"], results) {
            for (op, literal) in zip(ops, literals) {
                let expected = try #require(
                    ReferenceKernels.evaluate(op, Self.operands(of: op, values), literal.type), "\(op)")
                let fault = Self.fault(literal, expected.literal)
                #expect(fault == nil, "\(comment) \(way): \(op) of \(one.operands.map(\.type)): \(fault ?? "")")
            }
        }
    }

    private static func literal(
        _ operand: OpCases.Operand, isLarge: Bool, _ random: inout SeededGenerator
    ) -> Literal {
        let type = operand.type
        var elements: [Double] = []
        for _ in 0..<type.count {
            switch operand.elements {
            case .numbers where isLarge && type.dtype.isFloating:
                elements.append(Double.random(in: -2...2, using: &random))
            case .numbers: elements.append(Double(random.below(7) - 3))
            case .indices(let extent): elements.append(Double(random.below(extent + 2) - 1))
            }
        }
        return Literal(type: type, doubles: elements)
    }

    /// The first element that differs: by more than rounding, where it has fractions, else at all.
    private static func fault(_ got: Literal, _ expected: Literal) -> String? {
        guard got.type == expected.type else { return "\(got.type), not \(expected.type)" }
        guard got.type.dtype.isFloating else {
            return got.bytes == expected.bytes ? nil : "\(got.text), not \(expected.text)"
        }
        for (place, (value, wanted)) in zip(got.doubles, expected.doubles).enumerated() {
            let isSame = value == wanted || value.isNaN && wanted.isNaN
            if !isSame, !(abs(value - wanted) <= 1e-4 * max(1, abs(wanted))) {
                return "element \(place) is \(value), not \(wanted)"
            }
        }
        return nil
    }
}
