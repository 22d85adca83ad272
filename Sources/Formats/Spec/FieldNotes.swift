/// What readers ask of the members of a document: the fields that there are, for whoever describes them.
package final class FieldNotes {
    /// What is known of a field.
    package enum Kind: Hashable, Sendable {
        /// There is one of that name.
        case known
        /// A value may be such, as JSON Schema.
        case value(JSON)
        /// What it is where it is not given.
        case preset(JSON)
        /// It must be given.
        case required
        /// It is a class of a table, called as messages call it: `a loss`.
        case object(String)
        /// The names that it may have.
        case names([String])
    }

    /// One note.
    package struct Note: Hashable, Sendable {
        /// The field's.
        package let pointer: JSONPointer
        /// What is known of it.
        package let kind: Kind
    }

    /// All notes in the order in which they were taken.
    package private(set) var all: [Note] = []

    /// No notes yet.
    package init() {}

    /// Takes a note.
    package func add(_ pointer: JSONPointer, _ kind: Kind) { all.append(Note(pointer: pointer, kind: kind)) }
}

extension NumberRange {
    /// The range as JSON Schema.
    var schema: JSON {
        var schema: JSON = ["type": "number"]
        if lower.isFinite { schema[withoutLower ? "exclusiveMinimum" : "minimum"] = JSON(lower).whole }
        if upper.isFinite { schema[withoutUpper ? "exclusiveMaximum" : "maximum"] = JSON(upper).whole }
        return schema
    }
}

extension ClosedRange<Int> {
    /// The range as JSON Schema.
    var schema: JSON {
        var schema: JSON = ["type": "integer"]
        if lowerBound > .min { schema["minimum"] = JSON(lowerBound) }
        if upperBound < .max { schema["maximum"] = JSON(upperBound) }
        return schema
    }

    /// A list of so many elements as JSON Schema.
    package func schema(ofItems items: JSON? = nil) -> JSON {
        var schema: JSON = ["type": "array"]
        schema["items"] = items
        if lowerBound > 0 { schema["minItems"] = JSON(lowerBound) }
        if upperBound < .max { schema["maxItems"] = JSON(upperBound) }
        return schema
    }
}

extension JSON {
    /// A whole double without its `.0`.
    var whole: JSON { int.map { JSON($0) } ?? self }

    /// Strings of at most so many characters as JSON Schema.
    static func strings(_ maxLength: Int) -> JSON {
        maxLength == .max ? ["type": "string"] : ["type": "string", "maxLength": JSON(maxLength)]
    }
}
