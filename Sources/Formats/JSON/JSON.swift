package import OrderedCollections

/// A JSON value (RFC 8259) that loses nothing that a reader could ask for: members keep their order and numbers keep
/// the characters they were written with.
///
/// Two values are equal when they have the same members in any order and the same number lexemes: `1` and `1.0` differ.
package enum JSON: Sendable, Hashable {
    /// The literal `null`.
    case null
    /// The literal `true` or `false`.
    case bool(Bool)
    /// A number, as written.
    case number(JSONNumber)
    /// A string, its escapes resolved.
    case string(String)
    /// An array.
    case array([JSON])
    /// An object, its members in the order of the text.
    indirect case object(OrderedDictionary<String, JSON>)

    package static func == (left: JSON, right: JSON) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left == right
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)):
            left.count == right.count && left.allSatisfy { right[$0.key] == $0.value }
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .number(let value): hasher.combine(value)
        case .string(let value): hasher.combine(value)
        case .array(let values): hasher.combine(values)
        // Equality ignores the order of members, so the hash may only see what has none.
        case .object(let members): hasher.combine(members.count)
        }
    }
}

// MARK: Making

extension JSON {
    /// A whole number.
    package init(_ value: some BinaryInteger) {
        self = .number(JSONNumber(value))
    }

    /// A number that reads back as the same double; `null` when it is not finite, as JSON has no such numbers
    /// (RFC 8259 section 6).
    package init(_ value: Double) {
        self = JSONNumber(value).map(JSON.number) ?? .null
    }

    /// A string.
    package init(_ value: String) {
        self = .string(value)
    }

    /// A literal.
    package init(_ value: Bool) {
        self = .bool(value)
    }

    /// An array of whole numbers.
    package init(_ values: [Int]) {
        self = .array(values.map { JSON($0) })
    }

    /// An array of strings.
    package init(_ values: [String]) {
        self = .array(values.map(JSON.string))
    }

    /// What the closure makes of the value, or `null` for nil.
    package static func optional<Value>(_ value: Value?, _ make: (Value) -> JSON) -> JSON {
        value.map(make) ?? .null
    }
}

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    /// `null`.
    package init(nilLiteral: ()) { self = .null }
    /// `true` or `false`.
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A whole number.
    package init(integerLiteral value: Int) { self.init(value) }
    /// A number.
    package init(floatLiteral value: Double) { self.init(value) }
    /// A string.
    package init(stringLiteral value: String) { self = .string(value) }
    /// An array.
    package init(arrayLiteral elements: JSON...) { self = .array(elements) }
    /// An object; each name once.
    package init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(OrderedDictionary(uniqueKeysWithValues: elements))
    }
}

// MARK: Asking

extension JSON {
    /// The member of that name; nil when there is none or this is no object.
    ///
    /// Setting nil removes the member; setting on a value that is not an object makes it one.
    package subscript(name: String) -> JSON? {
        get { object?[name] }
        set {
            var members = object ?? [:]
            members[name] = newValue
            self = .object(members)
        }
    }

    /// The element at that place; nil when there is none or this is no array.
    package subscript(index: Int) -> JSON? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// Whether this is `null`.
    package var isNull: Bool { if case .null = self { true } else { false } }

    /// The literal, if this is one.
    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// The number, if this is one.
    package var number: JSONNumber? { if case .number(let value) = self { value } else { nil } }

    /// The number's exact value, if this is a whole number that fits.
    package var int: Int? { number?.int }

    /// The double next to the number, if this is a number in a double's range.
    package var double: Double? { number?.double }

    /// The string, if this is one.
    package var string: String? { if case .string(let value) = self { value } else { nil } }

    /// The elements, if this is an array.
    package var array: [JSON]? { if case .array(let value) = self { value } else { nil } }

    /// The members, if this is an object.
    package var object: OrderedDictionary<String, JSON>? { if case .object(let value) = self { value } else { nil } }
}
