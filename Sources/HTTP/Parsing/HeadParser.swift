import HTTPTypes

/// Reads a request's head (RFC 9112 sections 2 to 6) from bytes that may not all be there yet. Strict: what two parsers
/// could read in two ways is refused. An object, as every connection refers to it.
package final class HeadParser: Sendable {
    let limits: ServerConfiguration.Limits

    /// A parser that holds requests to `limits`.
    package init(limits: ServerConfiguration.Limits = .init()) { self.limits = limits }

    /// The facts that decide framing, gathered from the field lines.
    private struct Facts {
        var hosts = 0
        var contentLength: Int?
        var transferEncodings = 0
        var close = false
        var keepAlive = false
        var expectsContinue = false
    }

    /// The head at the beginning of `bytes`, or nil when more bytes are needed.
    /// - Throws: `HTTPError`; the connection cannot be used further then.
    package func parse(_ bytes: Span<UInt8>, into storage: RequestStorage) throws(HTTPError) -> RequestHead? {
        storage.fields.removeAll(keepingCapacity: true)
        storage.host = nil
        storage.targetAuthority = nil
        // One empty line before a request is left over from a client that ends its bodies with one (section 2.2).
        var start = 0
        if bytes[0] == 0x0d {
            guard bytes.count > 1 else { return nil }
            guard bytes[1] == 0x0a else { throw Self.bareCarriageReturn }
            start = 2
        }
        guard var index = try requestLine(bytes, from: start, into: storage) else { return nil }
        var facts = Facts()
        while true {
            guard index < bytes.count else { return try incomplete(bytes.count - start) }
            if bytes[index] == 0x0d {
                guard index + 1 < bytes.count else { return nil }
                guard bytes[index + 1] == 0x0a else { throw Self.bareCarriageReturn }
                index += 2
                break
            }
            guard let end = try FieldLine.parse(bytes, from: index, limit: limits.fieldLine) else {
                return try incomplete(bytes.count - start)
            }
            guard storage.fields.count < limits.fieldCount else {
                throw HTTPError(.fieldsTooLarge, "a request has at most \(limits.fieldCount) fields")
            }
            storage.fields.append(end.field)
            try note(end.field, bytes, storage, &facts)
            index = end.next
            _ = try incomplete(index - start)
        }
        storage.head.removeAll(keepingCapacity: true)
        // unsafe: the bytes are copied while they live.
        bytes.extracting(0..<index).withUnsafeBufferPointer { storage.head.append(contentsOf: $0) }
        return try conclude(facts, byteCount: index, storage)
    }

    /// Nil, as more bytes are needed, unless there are too many already.
    private func incomplete(_ count: Int) throws(HTTPError) -> RequestHead? {
        if count > limits.head { throw HTTPError(.fieldsTooLarge, "a request's head has at most \(limits.head) bytes") }
        return nil
    }

    // MARK: Request line

    /// Reads the request line; the index after it, or nil when it is not all there.
    private func requestLine(
        _ bytes: Span<UInt8>, from start: Int, into storage: RequestStorage
    ) throws(HTTPError) -> Int? {
        var index = start
        var word: UInt64 = 0
        while index < bytes.count, ByteClass.isToken(bytes[index]) {
            word = word << 8 | UInt64(bytes[index])
            index += 1
        }
        try checkLine(index - start)
        guard index < bytes.count else { return nil }
        guard index > start, bytes[index] == 0x20 else {
            throw HTTPError(.malformedRequest, "the request line does not begin with a method and a space")
        }
        let method = start..<index
        index += 1
        let targetStart = index
        while index < bytes.count, ByteClass.isTarget(bytes[index]) { index += 1 }
        try checkLine(index - start)
        guard index < bytes.count else { return nil }
        let target = targetStart..<index
        guard bytes[index] == 0x20 else {
            throw HTTPError(
                .malformedRequest,
                bytes[index] == 0x0d || bytes[index] == 0x0a
                    ? "the request line has no HTTP version"
                    : "byte 0x\(String(bytes[index], radix: 16)) in the request target must be percent-encoded")
        }
        index += 1
        guard let end = try version(bytes, from: index, into: storage) else { return nil }
        storage.method = Self.method(bytes, method, word)
        try RequestTarget.parse(bytes, target, storage)
        return end
    }

    private func checkLine(_ count: Int) throws(HTTPError) {
        if count > limits.requestLine {
            throw HTTPError(.targetTooLong, "a request line has at most \(limits.requestLine) bytes")
        }
    }

    /// `HTTP/1.1` and the line's end; the index after it, or nil when it is not all there.
    private func version(
        _ bytes: Span<UInt8>, from start: Int, into storage: RequestStorage
    ) throws(HTTPError) -> Int? {
        let malformed = HTTPError(
            .malformedRequest, "the request line does not end with an HTTP version such as HTTP/1.1")
        // unsafe: a static string's bytes live forever; six of them are read.
        let expected: StaticString = "HTTP/"
        for offset in 0..<5 {
            guard start + offset < bytes.count else { return nil }
            guard bytes[start + offset] == expected.utf8Start[offset] else { throw malformed }
        }
        guard start + 9 < bytes.count else {
            // Whatever is wrong shows at the latest when the line's end is there.
            for index in start..<bytes.count where bytes[index] == 0x0a { throw malformed }
            return nil
        }
        let (major, dot, minor) = (bytes[start + 5], bytes[start + 6], bytes[start + 7])
        guard ByteClass.isDigit(major), dot == 0x2e, ByteClass.isDigit(minor) else { throw malformed }
        guard bytes[start + 8] == 0x0d, bytes[start + 9] == 0x0a else { throw malformed }
        guard major == 0x31 else { throw HTTPError(.versionNotSupported, "this server speaks HTTP/1.1 and HTTP/1.0") }
        storage.version = minor == 0x30 ? .http10 : .http11
        return start + 10
    }

    /// The method of a request line; `word` holds its last eight bytes.
    private static func method(_ bytes: Span<UInt8>, _ range: Range<Int>, _ word: UInt64) -> HTTPRequest.Method {
        if range.count <= 8 {
            switch word {
            case 0x47_4554: return .get
            case 0x4845_4144: return .head
            case 0x504f_5354: return .post
            case 0x50_5554: return .put
            case 0x50_4154_4348: return .patch
            case 0x4445_4c45_5445: return .delete
            case 0x4f_5054_494f_4e53: return .options
            case 0x54_5241_4345: return .trace
            case 0x43_4f4e_4e45_4354: return .connect
            default: break
            }
        }
        var text = ""
        for index in range { text.unicodeScalars.append(Unicode.Scalar(bytes[index])) }
        // Every byte is a tchar, which is all that the initializer asks for.
        return HTTPRequest.Method(text) ?? .get
    }

    // MARK: Fields

    /// Notes what a field says about framing and the connection.
    private func note(
        _ field: FieldRange, _ bytes: Span<UInt8>, _ storage: RequestStorage, _ facts: inout Facts
    ) throws(HTTPError) {
        switch field.name.count {
        case 4 where bytes.equals("host", in: field.name):
            facts.hosts += 1
            storage.host = field.value
            guard HostField.isValid(bytes, field.value) else {
                throw HTTPError(.badHost, "the Host field names no host (RFC 9112 section 3.2)")
            }
        case 6 where bytes.equals("expect", in: field.name) && storage.version == .http11 && !field.value.isEmpty:
            guard bytes.equals("100-continue", in: field.value) else {
                throw HTTPError(.expectationFailed, "the only expectation that this server knows is 100-continue")
            }
            facts.expectsContinue = true
        case 10 where bytes.equals("connection", in: field.name):
            bytes.forEachElement(of: field.value) { element in
                if bytes.equals("close", in: element) { facts.close = true }
                if bytes.equals("keep-alive", in: element) { facts.keepAlive = true }
            }
        case 14 where bytes.equals("content-length", in: field.name):
            guard facts.contentLength == nil else {
                throw HTTPError(.badFraming, "there is more than one Content-Length")
            }
            facts.contentLength = try FramingFields.contentLength(bytes, field.value)
        case 17 where bytes.equals("transfer-encoding", in: field.name):
            guard facts.transferEncodings == 0 else {
                throw HTTPError(.badFraming, "there is more than one Transfer-Encoding")
            }
            facts.transferEncodings = 1
            try FramingFields.checkTransferEncoding(bytes, field.value)
        default: break
        }
    }

    private func conclude(
        _ facts: Facts, byteCount: Int, _ storage: RequestStorage
    ) throws(HTTPError) -> RequestHead {
        guard facts.hosts < 2 else { throw HTTPError(.badHost, "there is more than one Host field") }
        guard facts.hosts == 1 || storage.version == .http10 else {
            throw HTTPError(.badHost, "an HTTP/1.1 request needs a Host field")
        }
        var head = RequestHead(byteCount: byteCount)
        head.persistent = storage.version == .http11 ? !facts.close : facts.keepAlive && !facts.close
        if facts.transferEncodings > 0 {
            guard storage.version == .http11 else {
                throw HTTPError(.badFraming, "HTTP/1.0 has no Transfer-Encoding")
            }
            guard facts.contentLength == nil else {
                throw HTTPError(.badFraming, "Content-Length and Transfer-Encoding exclude each other")
            }
            head.framing = .chunked
            head.announcesBody = true
        } else if let length = facts.contentLength {
            head.framing = length == 0 ? .none : .length(length)
            head.announcesBody = true
        }
        head.expectsContinue = facts.expectsContinue && head.framing != .none
        return head
    }

    static let bareCarriageReturn = HTTPError(.malformedRequest, "a carriage return is not followed by a line feed")
}
