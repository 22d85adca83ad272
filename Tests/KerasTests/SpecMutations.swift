import Formats
import OrderedCollections
import TestSupport

/// Seeded changes of a specification: extreme numbers, strange texts, other kinds of values, members gone or doubled.
struct SpecMutations {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// Numbers at the edges of what is stored, counted and multiplied.
    private static let numbers: [String] = [
        "0", "-1", "1", "2", "3", "7", "8", "16", "127", "255", "1000", "65536", "1048576", "16777216", "16777217",
        "2147483647", "2147483648", "4294967295", "4294967296", "1099511627776", "281474976710656", "9007199254740993",
        "4611686018427387904", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "18446744073709551616", "1000000000000000000000000000000", "0.5", "-0.0", "5e-324", "1e13", "1e19", "3.5e38",
        "1e300", "1e400", "-1e400", "1E+99999999999", "1e-99999999999", "128.0", "1.28e2", "-0",
    ]

    private static let texts: [String] = [
        "", " ", "\u{0}", "\u{1B}[2J", "\u{202E}", "é", "../..", "/etc/passwd", "NaN", "30s", "relu", "adam", "SGD",
        "Dense", "mse", "float32", "int64", "bool", "uint64", "bfloat16", "train", "loss", "batch_size", "a/b", "~1~0",
        "global_step", "csv", "idx", String(repeating: "a", count: 5000),
    ]

    private static let members = [
        "units", "shape", "seed", "Dense", "class_name", "config", "name", "input_shape", "batch_shape", "steps",
        "dtype",
        "trainable", "input_dim", "one_hot", "reshape", "lr", "decay",
    ]

    private mutating func one<Value>(of values: [Value]) -> Value { values[random.below(values.count)] }

    private mutating func number() -> JSON {
        // Every text is one of JSON's grammar.
        (try? JSON(parsing: one(of: SpecMutations.numbers))) ?? 0
    }

    private mutating func value(depth: Int = 0) -> JSON {
        switch random.below(20) {
        case 0..<9: return number()
        case 9..<13: return .string(one(of: SpecMutations.texts))
        case 13: return .bool(random.below(2) == 0)
        case 14: return .null
        case 15..<18:
            if depth > 3 { return 0 }
            return .array((0..<one(of: [0, 1, 1, 2, 3, 5, 33])).map { _ in value(depth: depth + 1) })
        default:
            if depth > 3 { return [:] }
            var members: OrderedDictionary<String, JSON> = [:]
            for _ in 0..<random.below(3) { members[one(of: SpecMutations.members)] = value(depth: depth + 1) }
            return .object(members)
        }
    }

    /// The specification with one to five changes.
    mutating func mutated(_ spec: JSON) -> JSON {
        var spec = spec
        for _ in 0..<one(of: [1, 1, 1, 2, 2, 3, 5]) {
            let all = SpecMutations.places(spec)
            guard !all.isEmpty else { break }
            let numbers = all.filter { SpecMutations.at(spec, $0)?.number != nil }
            // Numbers alone are the likeliest to be taken.
            if random.below(2) == 0, !numbers.isEmpty {
                let place = one(of: numbers)
                spec = SpecMutations.setting(spec, place, number())
                continue
            }
            let place = one(of: all)
            let old = SpecMutations.at(spec, place) ?? .null
            switch random.below(6) {
            case 0: spec = SpecMutations.setting(spec, place, nil)
            case 1: spec = SpecMutations.setting(spec, place, [old])
            case 2:
                let list = old.array ?? [old]
                let count = one(of: [2, 10, 101])
                spec = SpecMutations.setting(spec, place, .array(Array(repeatElement(list, count: count).joined())))
            case 3: spec = SpecMutations.setting(spec, place, SpecMutations.at(spec, one(of: all)))
            case 4:
                var members = old.object ?? [:]
                members[one(of: SpecMutations.members)] = value()
                spec = SpecMutations.setting(spec, place, .object(members))
            default: spec = SpecMutations.setting(spec, place, value())
            }
        }
        return spec
    }

    /// Sizes that are large together, all powers of two: what a product of them passes.
    mutating func large(_ spec: JSON) -> JSON {
        func power() -> Int { 1 << one(of: [0, 1, 3, 7, 10, 14, 17, 20, 24, 28, 30, 31]) }
        var spec = spec
        var shape = (0..<one(of: [1, 2, 2, 3])).map { _ in power() }
        let units = power()
        let isFlat = random.below(3) == 0
        spec["train_batch_size"] = JSON(random.below(2) == 0 ? 8 * power() : 1 << 24)
        spec["model"] =
            isFlat
            ? [["Flatten": ["input_shape": JSON(shape)]], ["Dense": ["units": JSON(units)]]]
            : [["Dense": ["units": JSON(power())]], ["Dense": ["units": JSON(units)]]]
        let features = shape
        if isFlat { shape = [0] }
        shape[shape.count - 1] = units
        spec["loss"] = "mse"
        spec["metrics"] = nil
        spec["train"] = [
            "max_steps": JSON(power()),
            "input": [
                "source": [
                    "synthetic": [
                        "features": ["shape": JSON(features)], "labels": ["shape": JSON(shape)],
                        "examples": JSON(power()),
                    ]
                ],
                "repeat": JSON(power()),
            ],
        ]
        return spec
    }

    // MARK: Places

    /// The ways to every value but the root; of long lists, to the first six elements.
    private static func places(_ value: JSON, _ way: [String] = []) -> [[String]] {
        var found = way.isEmpty ? [] : [way]
        for (name, member) in value.object ?? [:] { found += places(member, way + [name]) }
        for (index, element) in (value.array ?? []).prefix(6).enumerated() {
            found += places(element, way + [String(index)])
        }
        return found
    }

    private static func at(_ value: JSON, _ way: [String]) -> JSON? { value[JSONPointer(tokens: way)] }

    /// The value with another one at a place, or without it.
    static func setting(_ value: JSON, _ way: [String], _ new: JSON?) -> JSON {
        guard let first = way.first else { return new ?? .null }
        let rest = Array(way.dropFirst())
        if var members = value.object {
            members[first] = rest.isEmpty ? new : setting(members[first] ?? .null, rest, new)
            return .object(members)
        }
        guard var elements = value.array, let index = Int(first), elements.indices.contains(index) else { return value }
        if rest.isEmpty, new == nil {
            elements.remove(at: index)
        } else {
            elements[index] = setting(elements[index], rest, new)
        }
        return .array(elements)
    }
}
