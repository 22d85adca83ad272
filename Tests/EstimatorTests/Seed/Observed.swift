import Formats
import OrderedCollections

/// What a procedure gave, in the shape of a case's `expected`, with failures where a part failed.
indirect enum Observed: Sendable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case list([Observed])
    case object([String: Observed])
    case failure(any Error)

    /// What the body gives, or its failure.
    static func of(_ body: () throws -> Observed) -> Observed {
        do { return try body() } catch { return .failure(error) }
    }

    /// What the body gives, or the failed part `{"error": …}`.
    static func part(_ body: () throws -> Observed) -> Observed {
        do { return try body() } catch { return .object(["error": .failure(error)]) }
    }

    static func optional(_ value: Int?) -> Observed { value.map(Observed.int) ?? .null }
    static func optional(_ value: String?) -> Observed { value.map(Observed.string) ?? .null }
    static func ints(_ values: [some BinaryInteger]) -> Observed { .list(values.map { .int(Int($0)) }) }
    static func strings(_ values: [String]) -> Observed { .list(values.map(Observed.string)) }

    /// Where this differs from what is expected, in sentences that begin with the place.
    func differences(from expected: JSON, ignoring ignored: Set<String>, at path: String = "") -> [String] {
        switch (self, expected) {
        case (.null, .null): return []
        case (.bool(let mine), .bool(let other)) where mine == other: return []
        case (.int(let mine), .number(let other)) where mine == other.int: return []
        case (.double(let mine), .number(let other)) where mine == other.double: return []
        case (.string(let mine), .string(let other)) where mine == other: return []
        case (.list(let mine), .array(let other)) where mine.count == other.count:
            return zip(mine, other).enumerated().flatMap { index, pair in
                pair.0.differences(from: pair.1, ignoring: ignored, at: "\(path)/\(index)")
            }
        case (.failure(let error), .object(let other)) where other["type"] != nil && other["message"] != nil:
            return SeedCondition.differences(of: error, from: expected).map { "\(path) \($0)" }
        case (.object(let mine), .object(let other)):
            let names = Set(mine.keys).union(other.keys).subtracting(ignored)
            return names.sorted().flatMap { name -> [String] in
                guard let mine = mine[name] else { return ["\(path)/\(name) is missing"] }
                guard let other = other[name] else { return ["\(path)/\(name) is not expected"] }
                return mine.differences(from: other, ignoring: ignored, at: "\(path)/\(name)")
            }
        default:
            return ["\(path) is \(self), expected \(String(decoding: expected.serialized(), as: UTF8.self))"]
        }
    }
}
