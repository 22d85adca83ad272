import Formats
import OrderedCollections

/// Takes the members out of one frame's object, each with its type; what is left over in the end is an error.
struct FrameFields: JSONMembers {
    let frame: String
    /// A frame has so few that looking through them takes less than hashing their names.
    private var members: OrderedDictionary<String, JSON>

    /// - Throws: ``FrameError`` when there is no member `frame`.
    init(_ object: JSON) throws(FrameError) {
        var members = object.object ?? [:]
        guard let frame = members.removeValue(forKey: "frame")?.string else { throw .unknownFrame("") }
        self.frame = frame
        self.members = members
    }

    /// Fields of an object inside a frame.
    init(frame: String, inner object: JSON, name: String) throws(FrameError) {
        guard let inner = object.object else { throw .field(frame: frame, name: name, detail: "is not an object") }
        self.frame = "\(frame)/\(name)"
        members = inner
    }

    mutating func json(_ name: String) throws(FrameError) -> JSON {
        guard let value = members.removeValue(forKey: name) else {
            throw .field(frame: frame, name: name, detail: "is missing")
        }
        return value
    }

    mutating func optional<Value>(
        _ name: String, _ kind: String, _ read: (JSON) -> Value?
    ) throws(FrameError) -> Value? {
        let value = try json(name)
        if value.isNull { return nil }
        guard let result = read(value) else {
            throw .field(frame: frame, name: name, detail: "is not \(Self.one(kind))")
        }
        return result
    }

    mutating func required<Value>(
        _ name: String, _ kind: String, _ read: (JSON) -> Value?
    ) throws(FrameError) -> Value {
        guard let value = try optional(name, kind, read) else {
            throw .field(frame: frame, name: name, detail: "is null")
        }
        return value
    }

    mutating func string(_ name: String) throws(FrameError) -> String { try required(name, "string", \.string) }
    mutating func optionalString(_ name: String) throws(FrameError) -> String? {
        try optional(name, "string", \.string)
    }
    mutating func strings(_ name: String) throws(FrameError) -> [String] {
        try list(name, "string", \.string)
    }
    mutating func bool(_ name: String) throws(FrameError) -> Bool { try required(name, "boolean", \.bool) }

    /// The largest count, step or size: up to here every whole number is a double, too.
    static let largestCount = (1 << 53) - 1
    /// The moments that a frame may name, in seconds since 1970: up to the end of the year 9999.
    static let moments = 0.0...253_402_300_799

    /// A whole number from 0 to 2^53 - 1: every count, step and size of the protocol is one.
    mutating func count(_ name: String) throws(FrameError) -> Int {
        try required(name, "whole number from 0 to \(Self.largestCount)", Self.count)
    }
    mutating func counts(_ name: String) throws(FrameError) -> [Int] {
        try list(name, "whole number from 0", Self.count)
    }
    mutating func optionalCount(_ name: String) throws(FrameError) -> Int? {
        try optional(name, "whole number from 0 to \(Self.largestCount)", Self.count)
    }
    mutating func double(_ name: String) throws(FrameError) -> Double { try required(name, "number", \.double) }
    /// What a moment has to be.
    static let momentInWords = "number of seconds from 0 to the end of the year 9999"
    /// A moment in seconds since 1970.
    static func moment(_ value: JSON) -> Double? { value.double.flatMap { moments.contains($0) ? $0 : nil } }
    /// A number that is not negative.
    mutating func amount(_ name: String) throws(FrameError) -> Double {
        try required(name, "number of at least 0", Self.amount)
    }
    mutating func optionalAmount(_ name: String) throws(FrameError) -> Double? {
        try optional(name, "number of at least 0", Self.amount)
    }
    mutating func optionalFraction(_ name: String) throws(FrameError) -> Double? {
        try optional(name, "number from 0 to 1") { value in Self.amount(value).flatMap { $0 <= 1 ? $0 : nil } }
    }
    private static func amount(_ value: JSON) -> Double? { value.double.flatMap { $0 >= 0 ? $0 : nil } }
    mutating func optionalDouble(_ name: String) throws(FrameError) -> Double? {
        try optional(name, "number", \.double)
    }

    mutating func list<Value>(
        _ name: String, _ kind: String, _ read: (JSON) -> Value?
    ) throws(FrameError) -> [Value] {
        let values = try required(name, "list", \.array)
        let read = values.compactMap(read)
        guard read.count == values.count else {
            throw .field(frame: frame, name: name, detail: "has an entry that is not \(Self.one(kind))")
        }
        return read
    }

    /// - Throws: ``FrameError/unknownField(frame:name:)`` for the first member that nobody asked for.
    func finish() throws(FrameError) {
        if let name = members.keys.min() { throw .unknownField(frame: frame, name: name) }
    }

    /// A kind of value with its article.
    private static func one(_ kind: String) -> String {
        (kind.first.map("aeiou".contains) == true ? "an " : "a ") + kind
    }

    private static func count(_ value: JSON) -> Int? {
        guard let number = value.int, (0...largestCount).contains(number) else { return nil }
        return number
    }
}
