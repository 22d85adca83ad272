import Formats
import OrderedCollections
import Yams

/// Reads YAML as the JSON that it says. Plain scalars are what YAML 1.2's core schema makes of them: `no` and `on` are strings,
/// as people mean them, and so is whatever is in quotes.
enum YAMLReader {
    /// What is wrong with a text: where, and what.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads one document.
    /// - Throws: ``Fault``.
    static func json(_ text: String) throws(Fault) -> JSON {
        var nodes: [Node] = []
        do {
            var documents = try Yams.compose_all(yaml: text)
            while let node = documents.next() { nodes.append(node) }
            // What ends the sequence early is not thrown.
            if let error = documents.error { throw error }
        } catch {
            throw Fault(description: "is not YAML: \(error)")
        }
        guard nodes.count <= 1 else { throw Fault(description: "has \(nodes.count) documents, expected one") }
        return try nodes.first.map { node throws(Fault) in try json(node) } ?? .null
    }

    private static func json(_ node: Node) throws(Fault) -> JSON {
        switch node {
        case .scalar(let scalar): return try json(scalar)
        case .sequence(let sequence):
            var elements: [JSON] = []
            for element in sequence { elements.append(try json(element)) }
            return .array(elements)
        case .mapping(let mapping):
            var members: OrderedDictionary<String, JSON> = [:]
            for (key, value) in mapping {
                guard case .scalar(let name) = key else {
                    throw Fault(description: "\(place(key.mark))has a name that is not a string")
                }
                guard members.updateValue(try json(value), forKey: name.string) == nil else {
                    throw Fault(description: "\(place(key.mark))has the name \"\(name.string)\" twice")
                }
            }
            return .object(members)
        case .alias: throw Fault(description: "\(place(node.mark))has an alias of nothing")
        }
    }

    private static func json(_ scalar: Node.Scalar) throws(Fault) -> JSON {
        let text = scalar.string
        guard scalar.style == .plain || scalar.style == .any else { return .string(text) }
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return true
        case "false", "False", "FALSE": return false
        case ".nan", ".NaN", ".NAN", ".inf", "+.inf", "-.inf", ".Inf", "-.Inf":
            throw Fault(description: "\(place(scalar.mark))has \(text), which is not a number of JSON")
        default: return number(text) ?? .string(text)
        }
    }

    /// The number that a plain scalar is: `7`, `-1.5e-3`, `+1`, `.5`, `1.`, `007`, `0x1f`, `0o17`; nil for any other text.
    static func number(_ text: String) -> JSON? {
        for (prefix, radix) in [("0x", 16), ("0o", 8)] where text.hasPrefix(prefix) {
            return Int(text.dropFirst(2), radix: radix).flatMap { $0 < 0 || text.contains("+") ? nil : JSON($0) }
        }
        guard let match = text.wholeMatch(of: /([-+]?)([0-9]*)(\.[0-9]*)?([eE][-+]?[0-9]+)?/) else { return nil }
        let digits = match.2
        let fraction = match.3.map { $0.dropFirst() } ?? ""
        guard !digits.isEmpty || !fraction.isEmpty else { return nil }
        let whole = digits.drop { $0 == "0" }
        let written =
            (match.1 == "-" ? "-" : "") + (whole.isEmpty ? "0" : whole) + (fraction.isEmpty ? "" : ".\(fraction)")
            + (match.4 ?? "")
        return try? JSON(parsing: written)
    }

    private static func place(_ mark: Mark?) -> String { mark.map { "line \($0.line): " } ?? "" }
}
