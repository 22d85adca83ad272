/// The numbers that a field takes, and their name in a sentence.
package struct NumberRange: Sendable, CustomStringConvertible {
    let lower: Double
    let upper: Double
    let withoutLower: Bool
    let withoutUpper: Bool
    /// "a number from 0 to 1".
    package let description: String

    /// A range by its ends and its name in a sentence.
    private init(
        _ description: String, _ lower: Double = -.infinity, _ upper: Double = .infinity, withoutLower: Bool = false,
        withoutUpper: Bool = false
    ) {
        self.lower = lower
        self.upper = upper
        self.withoutLower = withoutLower
        self.withoutUpper = withoutUpper
        self.description = description
    }

    /// Whether the number is in the range.
    package func contains(_ value: Double) -> Bool {
        value >= lower && value <= upper && !(withoutLower && value == lower) && !(withoutUpper && value == upper)
    }

    /// All finite numbers.
    package static let any = NumberRange("a finite number")
    /// Above zero.
    package static let positive = NumberRange("a positive number", 0, withoutLower: true)
    /// Above zero, to a number, included.
    package static func positive(upTo upper: Double) -> NumberRange {
        NumberRange("a positive number of at most \(JSON(upper).shortNumber)", 0, upper, withoutLower: true)
    }
    /// Zero and above.
    package static let notNegative = NumberRange("a number of at least 0", 0)
    /// From a number to another, both included.
    package static func from(_ lower: Double, to upper: Double) -> NumberRange {
        NumberRange("a number from \(JSON(lower).shortNumber) to \(JSON(upper).shortNumber)", lower, upper)
    }
    /// From a number, included, to another, not included.
    package static func from(_ lower: Double, below upper: Double) -> NumberRange {
        NumberRange(
            "a number from \(JSON(lower).shortNumber) to below \(JSON(upper).shortNumber)", lower, upper,
            withoutUpper: true)
    }
    /// From a number to another, neither included.
    package static func between(_ lower: Double, and upper: Double) -> NumberRange {
        NumberRange(
            "a number between \(JSON(lower).shortNumber) and \(JSON(upper).shortNumber)", lower, upper,
            withoutLower: true, withoutUpper: true)
    }
    /// A number and above.
    package static func atLeast(_ lower: Double) -> NumberRange {
        NumberRange("a number of at least \(JSON(lower).shortNumber)", lower)
    }
}

/// The name of a whole number of the range in a sentence.
func wholeNumber(in range: ClosedRange<Int>) -> String {
    switch (range.lowerBound, range.upperBound) {
    case (.min, .max): "a whole number"
    case (1, .max): "a positive whole number"
    case (let lower, .max): "a whole number of at least \(lower)"
    case (.min, let upper): "a whole number of at most \(upper)"
    case (let lower, let upper) where lower == upper: "\(lower)"
    case (let lower, let upper): "a whole number from \(lower) to \(upper)"
    }
}

extension JSON {
    /// The value as the end of "must be …, not …": short, and cut where it is long.
    package var inWords: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .number(let value): value.lexeme.count > 40 ? value.lexeme.prefix(40) + "…" : value.lexeme
        case .string(let value): value.quotedForMessage
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// A whole double without its `.0`.
    fileprivate var shortNumber: String { int.map(String.init) ?? text }
}

extension [String] {
    /// "a, b or c".
    package var inWords: String {
        guard count > 1, let last else { return first ?? "" }
        return dropLast().joined(separator: ", ") + " or " + last
    }
}
