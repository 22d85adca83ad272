import Formats
import OrderedCollections

/// Pieces of JSON Schema (draft 2020-12), as short as the table that uses them needs.
enum Schema {
    static let string: JSON = ["type": "string"]
    static let integer: JSON = ["type": "integer"]
    static let number: JSON = ["type": "number"]
    static let boolean: JSON = ["type": "boolean"]
    static let timestamp: JSON = ["type": "string", "format": "date-time"]
    static let anyObject: JSON = ["type": "object"]

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
}
