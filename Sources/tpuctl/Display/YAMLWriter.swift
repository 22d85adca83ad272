import Formats
import OrderedCollections
import Yams

/// Writes JSON as YAML that every reader of YAML 1.1 and 1.2 reads as the same.
enum YAMLWriter {
    /// The text, without a line's end behind it.
    static func text(_ value: JSON) -> String {
        // What is written is made here: nothing of it can be refused.
        let text = (try? Yams.serialize(node: node(value), width: -1, allowUnicode: true)) ?? value.text
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    private static func node(_ value: JSON) -> Node {
        switch value {
        case .null: plain("null")
        case .bool(let value): plain(value ? "true" : "false")
        case .number(let number): plain(written(number.lexeme))
        case .string(let text): string(text)
        case .array(let elements):
            .sequence(Node.Sequence(elements.map(node), Tag(.implicit), elements.isEmpty ? .flow : .block))
        case .object(let members):
            .mapping(
                Node.Mapping(
                    members.map { (string($0.key), node($0.value)) }, Tag(.implicit), members.isEmpty ? .flow : .block))
        }
    }

    private static func plain(_ text: String) -> Node { .scalar(Node.Scalar(text, Tag(.implicit), .plain)) }

    /// Without quotes where no reader takes it for anything but a string.
    private static func string(_ text: String) -> Node {
        let isPlain =
            text.wholeMatch(of: /[A-Za-z_\/][A-Za-z0-9_.\/+@-]*/) != nil && !words.contains(text.lowercased())
        return .scalar(Node.Scalar(text, Tag(.implicit), isPlain ? .plain : .doubleQuoted))
    }

    /// What YAML 1.1 takes for a truth value or for nothing.
    private static let words: Set<String> = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]

    /// A number with an exponent has a point and a sign there, which YAML 1.1 asks for.
    private static func written(_ lexeme: String) -> String {
        guard let mark = lexeme.firstIndex(where: { $0 == "e" || $0 == "E" }) else { return lexeme }
        let mantissa = lexeme[..<mark]
        let exponent = lexeme[lexeme.index(after: mark)...]
        let isSigned = exponent.hasPrefix("-") || exponent.hasPrefix("+")
        return mantissa + (mantissa.contains(".") ? "" : ".0") + "e" + (isSigned ? "" : "+") + exponent
    }
}
