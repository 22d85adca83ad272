package import Formats
package import Jobs
import OrderedCollections

/// A value with one JSON form that both ends know. A reader passes over members that it does not know, so that a
/// client understands the answers of a later server.
package protocol WireValue: Sendable {
    /// Reads the JSON form; throws `APIError.unexpected` when it is not one.
    init(wire: WireReader) throws(APIError)
    /// The JSON form, every member present.
    var wire: JSON { get }
    /// The JSON Schema (2020-12, as OpenAPI 3.1 uses it) of the JSON form.
    static var schema: JSON { get }
}

extension WireValue {
    /// Reads the JSON form from a parsed text; throws `APIError.unexpected` when it is not one.
    package init(wire json: JSON) throws(APIError) {
        try self.init(wire: WireReader(json))
    }
}

/// Reads the members of one JSON value and throws at the first that is not what it must be.
package struct WireReader: Sendable {
    /// The value.
    package let json: JSON
    /// Where it is in the answer.
    package let pointer: JSONPointer

    /// A reader for the value at `pointer`, by default the whole answer.
    package init(_ json: JSON, at pointer: JSONPointer = .root) {
        self.json = json
        self.pointer = pointer
    }

    /// The error for this value.
    package func unexpected(_ detail: String) -> APIError { .unexpected(pointer, detail: detail) }

    /// The member of that name; nil when it is not there or null.
    package func optional(_ name: String) throws(APIError) -> WireReader? {
        guard let members = json.object else { throw unexpected("is not an object") }
        guard let value = members[name], !value.isNull else { return nil }
        return WireReader(value, at: pointer.appending(name))
    }

    /// The member of that name.
    package func required(_ name: String) throws(APIError) -> WireReader {
        guard let reader = try optional(name) else {
            throw .unexpected(pointer.appending(name), detail: "is missing")
        }
        return reader
    }

    /// The elements of a list.
    package func elements() throws(APIError) -> [WireReader] {
        guard let array = json.array else { throw unexpected("is not a list") }
        return array.enumerated().map { WireReader($1, at: pointer.appending($0)) }
    }

    /// This value as a list of values.
    package func list<Value: WireValue>(of type: Value.Type = Value.self) throws(APIError) -> [Value] {
        var values: [Value] = []
        for element in try elements() { values.append(try Value(wire: element)) }
        return values
    }

    /// This value as a string.
    package func string() throws(APIError) -> String {
        guard let value = json.string else { throw unexpected("is not a string") }
        return value
    }

    /// This value as a whole number.
    package func int() throws(APIError) -> Int {
        guard let value = json.int else { throw unexpected("is not a whole number") }
        return value
    }

    /// This value as a number.
    package func double() throws(APIError) -> Double {
        guard let value = json.double else { throw unexpected("is not a number") }
        return value
    }

    /// This value as a truth value.
    package func bool() throws(APIError) -> Bool {
        guard let value = json.bool else { throw unexpected("is neither true nor false") }
        return value
    }

    /// This value as a moment.
    package func timestamp() throws(APIError) -> Timestamp {
        guard let value = json.string.flatMap(Timestamp.init(rfc3339:)) else {
            throw unexpected("is not an RFC 3339 time")
        }
        return value
    }

    /// This value as a job's id.
    package func jobID() throws(APIError) -> JobID {
        guard let value = json.string.flatMap({ JobID($0) }) else { throw unexpected("is not a job id") }
        return value
    }

    /// This value as one of a type's raw values.
    package func choice<Choice: RawRepresentable<String>>(_ type: Choice.Type = Choice.self) throws(APIError) -> Choice
    {
        guard let value = json.string.flatMap(Choice.init(rawValue:)) else {
            throw unexpected("has the value \(json.inWords), which is not known here")
        }
        return value
    }

    /// This value as an object of strings.
    package func strings() throws(APIError) -> [String: String] {
        guard let members = json.object else { throw unexpected("is not an object") }
        var values: [String: String] = [:]
        for (name, value) in members {
            values[name] = try WireReader(value, at: pointer.appending(name)).string()
        }
        return values
    }
}

extension WireReader: JSONMembers {
    /// A member as a string.
    package func string(_ name: String) throws(APIError) -> String { try required(name).string() }

    /// A member as a string; nil when it is not there or null.
    package func optionalString(_ name: String) throws(APIError) -> String? { try optional(name)?.string() }

    /// A member as a whole number.
    package func count(_ name: String) throws(APIError) -> Int { try required(name).int() }

    /// A member as a whole number; nil when it is not there or null.
    package func optionalCount(_ name: String) throws(APIError) -> Int? { try optional(name)?.int() }

    /// A member as a number; nil when it is not there or null.
    package func optionalDouble(_ name: String) throws(APIError) -> Double? { try optional(name)?.double() }

    /// The same: what the daemon wrote is not checked again.
    package func optionalAmount(_ name: String) throws(APIError) -> Double? { try optionalDouble(name) }

    /// The same: what the daemon wrote is not checked again.
    package func optionalFraction(_ name: String) throws(APIError) -> Double? { try optionalDouble(name) }
}
