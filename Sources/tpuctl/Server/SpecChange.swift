import API
import ArgumentParser
import Formats

/// A change of a specification as a user writes it: `train.max_steps=500`, or with RFC 6901's pointer
/// `/train/max_steps=500`. A value that is JSON is that, anything else a string.
struct SpecChange: ExpressibleByArgument {
    /// The field.
    let pointer: JSONPointer
    /// What it becomes.
    let value: JSON

    /// The field becomes the value.
    init(_ pointer: JSONPointer, _ value: JSON) {
        self.pointer = pointer
        self.value = value
    }

    /// Reads `FIELD=VALUE`; nil where there is no `=`, or no field before it.
    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else { return nil }
        let field = argument[..<equals]
        if field.hasPrefix("/") {
            guard let pointer = JSONPointer(String(field)) else { return nil }
            self.pointer = pointer
        } else {
            pointer = JSONPointer(
                tokens: field.split(separator: ".", omittingEmptySubsequences: false).map(String.init))
        }
        let text = String(argument[argument.index(after: equals)...])
        value = (try? JSON(parsing: text, limits: JSONLimits(depth: JobRequest.Limits.nesting))) ?? .string(text)
    }

    /// The specification with the change; objects on the way to the field are made where there are none.
    ///
    /// - Throws: `ValidationError` where the way leads through something that has no such field.
    func applied(to spec: JSON) throws -> JSON { try changed(spec, along: pointer.tokens[...]) }

    private func changed(_ old: JSON, along way: ArraySlice<String>) throws -> JSON {
        guard let token = way.first else { return value }
        switch old {
        case .object, .null:
            var new = old
            new[token] = try changed(old[token] ?? .null, along: way.dropFirst())
            return new
        case .array(var elements):
            guard let index = Int(token), (0...elements.count).contains(index) else {
                throw refusal(
                    "is a list: expected the number of an element from 0, \(elements.count) to append, found \(token)",
                    before: way)
            }
            let element = try changed(
                elements.indices.contains(index) ? elements[index] : .null, along: way.dropFirst())
            elements.replaceSubrange(index..<min(index + 1, elements.count), with: [element])
            return .array(elements)
        case .bool, .number, .string: throw refusal("is \(old.inWords), which has no field \(token)", before: way)
        }
    }

    private func refusal(_ words: String, before way: ArraySlice<String>) -> ValidationError {
        let place = JSONPointer(tokens: Array(pointer.tokens[..<way.startIndex]))
        return ValidationError("--set \(pointer): \(place.description.isEmpty ? "the job" : "\(place)") \(words)")
    }
}

/// Changes of a specification before it is sent.
struct SpecChanges: ParsableArguments {
    @Option(
        name: .customLong("set"),
        help: """
            Change a field: train.max_steps=500, model.0.Dense.units=64, optimizer='{"Adam":{}}'; repeatable. A value that is \
            not JSON is a string.
            """)
    var fields: [SpecChange] = []
    @Option(name: .long, help: "Give it a label: team=vision; repeatable.")
    var label: [String] = []

    /// Whether there is none.
    var isEmpty: Bool { fields.isEmpty && label.isEmpty }

    func validate() throws {
        for label in label where !label.contains("=") {
            throw ValidationError("expected --label KEY=VALUE, found \(label)")
        }
    }

    /// The specification with all of them, in their order, then the labels.
    ///
    /// - Throws: `ValidationError`.
    func applied(to spec: JSON) throws -> JSON {
        let labels = label.map { label in
            let equals = label.firstIndex(of: "=") ?? label.endIndex
            return SpecChange(
                JSONPointer(tokens: ["labels", String(label[..<equals])]), .string(String(label[equals...].dropFirst()))
            )
        }
        return try (fields + labels).reduce(spec) { try $1.applied(to: $0) }
    }
}
