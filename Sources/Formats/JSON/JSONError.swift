/// Why a text is not JSON, and where.
package struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    package enum Code: String, Sendable {
        case empty, unexpectedCharacter, unexpectedEnd, trailingBytes, invalidUTF8, byteOrderMark
        case controlCharacter, invalidEscape, loneSurrogate, invalidNumber, invalidLiteral
        case duplicateName, tooDeep, tooManyValues, tooLarge
    }

    /// What is wrong.
    package let code: Code
    /// The offending byte's place from the start, counted from 0.
    package let offset: Int
    /// The line of that byte, counted from 1.
    package let line: Int
    /// The byte's place in its line, counted from 1.
    package let column: Int
    /// What is wrong, in words, without the place.
    package let detail: String

    /// The words and the place.
    package var description: String { "\(detail) at line \(line), column \(column)" }
}

/// What a text may hold at most.
package struct JSONLimits: Sendable, Hashable {
    /// Arrays and objects inside one another, the outermost counted; default 200.
    package var depth: Int
    /// Values in all; default 4,000,000. A value takes more memory than its two characters at least.
    package var values: Int
    /// Bytes of the text; default no limit.
    package var bytes: Int

    /// For what this program has written itself: a value that was read within the limits is never refused in the frame or
    /// file that holds it. The depth leaves room for that, and bounds the stack.
    package static let own = JSONLimits(depth: 256, values: .max)

    /// Limits; each has its default.
    package init(depth: Int = 200, values: Int = 4_000_000, bytes: Int = .max) {
        self.depth = depth
        self.values = values
        self.bytes = bytes
    }
}
