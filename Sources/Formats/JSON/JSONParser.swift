import OrderedCollections

extension JSON {
    /// Reads a whole text: one value, white space around it, nothing else.
    ///
    /// Strict: RFC 8259's grammar in UTF-8 without a byte order mark (section 8.1); lone surrogates (8.2), a name that
    /// appears twice in one object (section 4) and what exceeds the limits are errors. Time is linear in the bytes.
    package init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        var parser = JSONParser(limits: limits)
        self = try parser.document(bytes.span)
    }

    /// Reads a whole text that is already a string.
    package init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }
}

/// A recursive descent over the bytes; the depth limit bounds the stack.
struct JSONParser {
    private let limits: JSONLimits
    private var index = 0
    private var values = 0

    init(limits: JSONLimits) {
        self.limits = limits
    }

    mutating func document(_ text: Span<UInt8>) throws(JSONError) -> JSON {
        if text.count > limits.bytes {
            throw error(.tooLarge, "The text is longer than \(limits.bytes) bytes", text, at: limits.bytes)
        }
        if text.count >= 3, text[0] == 0xEF, text[1] == 0xBB, text[2] == 0xBF {
            throw error(.byteOrderMark, "A byte order mark is not allowed before JSON", text, at: 0)
        }
        skipSpace(text)
        if index == text.count { throw error(.empty, "A JSON value is missing", text, at: index) }
        let value = try value(text, depth: 0)
        skipSpace(text)
        if index < text.count {
            throw error(.trailingBytes, "There is \(described(text)) after the end of the JSON value", text, at: index)
        }
        return value
    }

    // MARK: Values

    private mutating func value(_ text: Span<UInt8>, depth: Int) throws(JSONError) -> JSON {
        values += 1
        if values > limits.values {
            throw error(.tooManyValues, "There are more than \(limits.values) values", text, at: index)
        }
        guard index < text.count else { throw end(text, "a value") }
        switch text[index] {
        case UInt8(ascii: "{"): return try object(text, depth: depth + 1)
        case UInt8(ascii: "["): return try array(text, depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string(text))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number(text))
        case UInt8(ascii: "t"):
            try literal("true", text)
            return .bool(true)
        case UInt8(ascii: "f"):
            try literal("false", text)
            return .bool(false)
        case UInt8(ascii: "n"):
            try literal("null", text)
            return .null
        default: throw unexpected(text, "a value")
        }
    }

    private mutating func array(_ text: Span<UInt8>, depth: Int) throws(JSONError) -> JSON {
        try enter(depth, text)
        var elements: [JSON] = []
        if close(UInt8(ascii: "]"), text) { return .array(elements) }
        while true {
            skipSpace(text)
            elements.append(try value(text, depth: depth))
            if try !next(UInt8(ascii: "]"), text, "\",\" or \"]\"") { return .array(elements) }
        }
    }

    private mutating func object(_ text: Span<UInt8>, depth: Int) throws(JSONError) -> JSON {
        try enter(depth, text)
        var members: OrderedDictionary<String, JSON> = [:]
        if close(UInt8(ascii: "}"), text) { return .object(members) }
        while true {
            skipSpace(text)
            let start = index
            guard index < text.count else { throw end(text, "a name in quotes") }
            guard text[index] == UInt8(ascii: "\"") else { throw unexpected(text, "a name in quotes") }
            let name = try string(text)
            skipSpace(text)
            guard index < text.count else { throw end(text, "\":\"") }
            guard text[index] == UInt8(ascii: ":") else { throw unexpected(text, "\":\"") }
            index += 1
            skipSpace(text)
            let member = try value(text, depth: depth)
            if members.updateValue(member, forKey: name) != nil {
                throw error(
                    .duplicateName, "The name \(name.quotedForMessage) appears twice in one object", text, at: start)
            }
            if try !next(UInt8(ascii: "}"), text, "\",\" or \"}\"") { return .object(members) }
        }
    }

    private mutating func enter(_ depth: Int, _ text: Span<UInt8>) throws(JSONError) {
        if depth > limits.depth {
            throw error(.tooDeep, "Arrays and objects are nested more than \(limits.depth) deep", text, at: index)
        }
        index += 1
    }

    /// Whether the array or object ends before its first element.
    private mutating func close(_ closing: UInt8, _ text: Span<UInt8>) -> Bool {
        skipSpace(text)
        guard index < text.count, text[index] == closing else { return false }
        index += 1
        return true
    }

    /// Whether another element follows.
    private mutating func next(_ closing: UInt8, _ text: Span<UInt8>, _ expected: String) throws(JSONError) -> Bool {
        skipSpace(text)
        guard index < text.count else { throw end(text, expected) }
        let byte = text[index]
        guard byte == UInt8(ascii: ",") || byte == closing else { throw unexpected(text, expected) }
        index += 1
        return byte != closing
    }

    private mutating func literal(_ word: StaticString, _ text: Span<UInt8>) throws(JSONError) {
        let start = index
        let count = word.utf8CodeUnitCount
        // A static string's characters live as long as the program.
        let characters = UnsafeBufferPointer(start: word.utf8Start, count: count)
        for offset in 0..<count {
            guard start + offset < text.count else { throw end(text, "the rest of \(word)") }
            if text[start + offset] != characters[offset] {
                throw error(.invalidLiteral, "Only true, false and null may be written without quotes", text, at: start)
            }
        }
        index += count
    }

    private mutating func number(_ text: Span<UInt8>) throws(JSONError) -> JSONNumber {
        let start = index
        if text[index] == UInt8(ascii: "-") { index += 1 }
        let whole = index
        try digits(text, from: start)
        if text[whole] == UInt8(ascii: "0"), index > whole + 1 {
            throw error(.invalidNumber, "A number may not begin with a zero", text, at: whole)
        }
        if index < text.count, text[index] == UInt8(ascii: ".") {
            index += 1
            try digits(text, from: start)
        }
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < text.count, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") { index += 1 }
            try digits(text, from: start)
        }
        return JSONNumber(checked: try text.string(start..<index, orThrow: { self.invalidUTF8(text, at: $0) }))
    }

    private mutating func digits(_ text: Span<UInt8>, from start: Int) throws(JSONError) {
        let first = index
        while index < text.count, text[index] &- UInt8(ascii: "0") < 10 { index += 1 }
        if index == first {
            throw error(.invalidNumber, "A digit is missing in the number", text, at: index)
        }
    }

    // MARK: Strings

    private mutating func string(_ text: Span<UInt8>) throws(JSONError) -> String {
        let start = index + 1
        index = start
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\""):
                let string = try text.string(start..<index, orThrow: { self.invalidUTF8(text, at: $0) })
                index += 1
                return string
            case UInt8(ascii: "\\"): return try escapedString(text, from: start)
            case 0..<0x20: throw control(text)
            default: index += 1
            }
        }
        throw end(text, "the end of a string")
    }

    /// The rest of a string that has escapes: its pieces are copied into one buffer.
    private mutating func escapedString(_ text: Span<UInt8>, from start: Int) throws(JSONError) -> String {
        var bytes: [UInt8] = []
        for place in start..<index { bytes.append(text[place]) }
        while index < text.count {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "\""):
                let string = try bytes.span.string(0..<bytes.count, orThrow: { _ in self.invalidUTF8(text, at: start) })
                index += 1
                return string
            case UInt8(ascii: "\\"): try escape(text, into: &bytes)
            case 0..<0x20: throw control(text)
            default:
                bytes.append(byte)
                index += 1
            }
        }
        throw end(text, "the end of a string")
    }

    private mutating func escape(_ text: Span<UInt8>, into bytes: inout [UInt8]) throws(JSONError) {
        let start = index
        guard index + 1 < text.count else { throw end(text, "the rest of an escape") }
        let kind = text[index + 1]
        index += 2
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(kind)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"):
            var code = UInt32(try fourHexDigits(text, of: start))
            if code & 0xFC00 == 0xD800 {
                guard index + 1 < text.count, text[index] == UInt8(ascii: "\\"), text[index + 1] == UInt8(ascii: "u")
                else { throw loneSurrogate(text, at: start) }
                index += 2
                let low = UInt32(try fourHexDigits(text, of: start))
                guard low & 0xFC00 == 0xDC00 else { throw loneSurrogate(text, at: start) }
                code = 0x10000 + ((code & 0x3FF) << 10 | (low & 0x3FF))
            }
            guard let scalar = Unicode.Scalar(code) else { throw loneSurrogate(text, at: start) }
            bytes.append(contentsOf: String(scalar).utf8)
        default: throw error(.invalidEscape, "JSON has no such escape", text, at: start)
        }
    }

    private mutating func fourHexDigits(_ text: Span<UInt8>, of start: Int) throws(JSONError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard index < text.count else { throw end(text, "four hexadecimal digits") }
            guard let digit = Hexadecimal.value(ofDigit: text[index]) else {
                throw error(.invalidEscape, "Four hexadecimal digits must follow \\u", text, at: start)
            }
            value = value << 4 | UInt16(digit)
            index += 1
        }
        return value
    }

    // MARK: White space and errors

    private mutating func skipSpace(_ text: Span<UInt8>) {
        while index < text.count {
            switch text[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    private func unexpected(_ text: Span<UInt8>, _ expected: String) -> JSONError {
        error(.unexpectedCharacter, "There is \(described(text)) where \(expected) should be", text, at: index)
    }

    private func end(_ text: Span<UInt8>, _ expected: String) -> JSONError {
        error(.unexpectedEnd, "The text ends where \(expected) should be", text, at: text.count)
    }

    private func control(_ text: Span<UInt8>) -> JSONError {
        error(.controlCharacter, "A control character in a string must be written as an escape", text, at: index)
    }

    private func loneSurrogate(_ text: Span<UInt8>, at offset: Int) -> JSONError {
        error(.loneSurrogate, "Half of a surrogate pair is not a character", text, at: offset)
    }

    private func invalidUTF8(_ text: Span<UInt8>, at offset: Int) -> JSONError {
        error(.invalidUTF8, "The text is not valid UTF-8", text, at: offset)
    }

    /// The byte at hand, for a sentence.
    private func described(_ text: Span<UInt8>) -> String {
        let byte = text[index]
        guard byte > 0x20, byte < 0x7F else { return "a byte 0x\(Hexadecimal.text(byte, digits: 2))" }
        return "\"\(Character(Unicode.Scalar(byte)))\""
    }

    private func error(
        _ code: JSONError.Code, _ detail: String, _ text: Span<UInt8>, at offset: Int
    ) -> JSONError {
        var line = 1
        var lineStart = 0
        for place in 0..<min(offset, text.count) where text[place] == 0x0A {
            line += 1
            lineStart = place + 1
        }
        return JSONError(code: code, offset: offset, line: line, column: offset - lineStart + 1, detail: detail)
    }
}

extension Span<UInt8> {
    /// The characters of a range of UTF-8; the closure makes the error for the first byte that is none.
    fileprivate func string(
        _ range: Range<Int>, orThrow failure: (Int) -> JSONError
    ) throws(JSONError) -> String {
        do {
            return String(copying: try UTF8Span(validating: extracting(range)))
        } catch {
            throw failure(range.lowerBound + error.byteOffsets.lowerBound)
        }
    }
}
