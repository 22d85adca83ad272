import Formats
import OrderedCollections

/// Pieces of JSON Schema (draft 2020-12), as short as the table that uses them needs.
enum Schema {
    static let string: JSON = ["type": "string"]
    static let number: JSON = ["type": "number"]
    static let boolean: JSON = ["type": "boolean"]
    static let timestamp: JSON = ["type": "string", "format": "date-time"]
    static let anyObject: JSON = ["type": "object"]

    /// A whole number in a range.
    static func integer(_ range: ClosedRange<Int>) -> JSON {
        ["type": "integer", "minimum": JSON(range.lowerBound), "maximum": JSON(range.upperBound)]
    }

    /// A whole number from a least one on.
    static func integer(_ range: PartialRangeFrom<Int>) -> JSON {
        ["type": "integer", "minimum": JSON(range.lowerBound)]
    }

    /// A number in a range.
    static func number(_ range: ClosedRange<Double>) -> JSON {
        ["type": "number", "minimum": JSON(range.lowerBound), "maximum": JSON(range.upperBound)]
    }

    /// A number from a least one on.
    static func number(_ range: PartialRangeFrom<Double>) -> JSON {
        ["type": "number", "minimum": JSON(range.lowerBound)]
    }

    /// A text of so many characters that has none that is not seen (``HiddenCharacter``), nor another one.
    static func name(_ length: ClosedRange<Int>, without other: String = "") -> JSON {
        [
            "type": "string", "minLength": JSON(length.lowerBound), "maxLength": JSON(length.upperBound),
            "pattern": .string("^[^\(other)\(hidden)]*$"),
        ]
    }

    /// The same as a regular expression (ECMA-262).
    static func pattern(_ length: ClosedRange<Int>, without other: String = "") -> String {
        "^[^\(other)\(hidden)]{\(length.lowerBound),\(length.upperBound)}$"
    }

    /// The control characters of ASCII, which no query and no path holds, as part of a class of a regular expression.
    static let controls = #"\u0000-\u001f\u007f"#

    /// The characters of ``HiddenCharacter`` as a class of a regular expression (ECMA-262).
    private static let hidden =
        #"\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"#

    /// One of some words.
    static func words(_ words: [String]) -> JSON {
        ["type": "string", "enum": JSON(words)]
    }

    /// One of a type's raw values.
    static func words<Choice: RawRepresentable<String> & CaseIterable>(of type: Choice.Type) -> JSON {
        words(Choice.allCases.map(\.rawValue))
    }

    /// A list of such.
    static func list(of element: JSON) -> JSON {
        ["type": "array", "items": element]
    }

    /// Such or null.
    static func nullable(_ schema: JSON) -> JSON {
        if schema["$ref"] != nil || schema["enum"] != nil { return ["oneOf": .array([schema, ["type": "null"]])] }
        guard let type = schema["type"]?.string else { return schema }
        var schema = schema
        schema["type"] = .array([.string(type), "null"])
        return schema
    }

    /// An object with these members, all of them always there; each says what it means.
    static func object(_ members: KeyValuePairs<String, JSON>) -> JSON {
        [
            "type": "object", "required": JSON(members.map(\.key)),
            "properties": .object(OrderedDictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value) })),
        ]
    }

    /// An object of strings.
    static let labels: JSON = ["type": "object", "additionalProperties": string]

    /// A named schema of the document.
    static func reference(_ name: String) -> JSON {
        ["$ref": .string("#/components/schemas/\(name)")]
    }
}

extension JSON {
    /// This schema with its description: what the value means, its unit, and when it is null.
    func means(_ description: String) -> JSON {
        var schema = self
        schema["description"] = .string(description)
        return schema
    }

    /// This or null, which counts as not given; then it has the default.
    func or(default value: JSON) -> JSON {
        var schema = Schema.nullable(self)
        schema["default"] = value
        return schema
    }
}
