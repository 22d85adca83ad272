import OrderedCollections

/// The way from a document's root to one of its values (RFC 6901).
package struct JSONPointer: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The unescaped names and indices from the root.
    package let tokens: [String]

    /// The whole document.
    package static let root = JSONPointer(tokens: [])

    /// A pointer by its unescaped tokens.
    package init(tokens: [String]) {
        self.tokens = tokens
    }

    /// Reads RFC 6901's string form; nil when it does not begin with `/` or has an escape other than `~0` and `~1`.
    package init?(_ string: String) {
        guard !string.isEmpty else {
            self = .root
            return
        }
        var tokens: [String] = []
        var token: [UInt8] = []
        var escaped = false
        guard string.utf8.first == UInt8(ascii: "/") else { return nil }
        for byte in string.utf8.dropFirst() {
            switch (escaped, byte) {
            case (true, UInt8(ascii: "0")): token.append(UInt8(ascii: "~"))
            case (true, UInt8(ascii: "1")): token.append(UInt8(ascii: "/"))
            case (true, _): return nil
            case (false, UInt8(ascii: "/")):
                tokens.append(String(decoding: token, as: UTF8.self))
                token = []
            case (false, UInt8(ascii: "~")): break
            case (false, _): token.append(byte)
            }
            escaped = !escaped && byte == UInt8(ascii: "~")
        }
        if escaped { return nil }
        tokens.append(String(decoding: token, as: UTF8.self))
        self.tokens = tokens
    }

    /// The pointer to a member of what this points to.
    package func appending(_ name: String) -> JSONPointer {
        JSONPointer(tokens: tokens + [name])
    }

    /// The pointer to an element of what this points to.
    package func appending(_ index: Int) -> JSONPointer {
        appending(String(index))
    }

    /// The pointer that goes on from here.
    package func appending(_ rest: JSONPointer) -> JSONPointer {
        JSONPointer(tokens: tokens + rest.tokens)
    }

    /// RFC 6901's string form: empty for the root, `/a~1b/0` for the first element of the member `a/b`.
    package var description: String {
        var bytes: [UInt8] = []
        for token in tokens {
            bytes.append(UInt8(ascii: "/"))
            for byte in token.utf8 {
                switch byte {
                case UInt8(ascii: "~"): bytes.append(contentsOf: "~0".utf8)
                case UInt8(ascii: "/"): bytes.append(contentsOf: "~1".utf8)
                default: bytes.append(byte)
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    package static func < (left: JSONPointer, right: JSONPointer) -> Bool {
        left.tokens.lexicographicallyPrecedes(right.tokens)
    }
}

extension JSON {
    /// What the pointer leads to; nil when there is nothing (RFC 6901 section 4: indices without leading zeros).
    package subscript(pointer: JSONPointer) -> JSON? {
        var value = self
        for token in pointer.tokens {
            switch value {
            case .object(let members):
                guard let member = members[token] else { return nil }
                value = member
            case .array(let elements):
                guard let index = Int(token), String(index) == token, elements.indices.contains(index) else {
                    return nil
                }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }
}
