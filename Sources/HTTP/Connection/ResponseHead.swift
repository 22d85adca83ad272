import HTTPTypes

/// How an answer's body ends for its reader (RFC 9112 section 6).
package enum AnswerFraming: Equatable {
    /// There is none: HEAD, 204, 304, or an empty one whose length is told.
    case none
    /// So many bytes are still to come.
    case length(Int64)
    /// Chunked coding.
    case chunked
    /// It ends with the connection (HTTP/1.0).
    case untilClose
}

/// Writes an answer's head as bytes.
package enum ResponseHead {
    /// What a head has besides status and fields.
    package struct Context {
        /// Date and the other fields of every answer, with their ends.
        let fixed: [UInt8]
        let version: HTTPVersion
        let isHead: Bool
        let closes: Bool
        /// Told in errors.
        let requestID: RequestID
        /// How long the answer took, where that is told.
        let duration: Duration?

        /// All of it.
        package init(
            fixed: [UInt8], version: HTTPVersion, isHead: Bool, closes: Bool, requestID: RequestID,
            duration: Duration? = nil
        ) {
            self.duration = duration
            self.fixed = fixed
            self.version = version
            self.isHead = isHead
            self.closes = closes
            self.requestID = requestID
        }
    }

    /// Appends the head of `response` to `output` and says how its body is framed.
    package static func write(_ response: Response, _ context: Context, to output: inout [UInt8]) -> AnswerFraming {
        precondition(response.status.code >= 200, "an answer's status is final")
        statusLine(response.status, to: &output)
        output.append(contentsOf: context.fixed)
        for field in response.fields where !isServersOwn(field.name) {
            output.append(contentsOf: field.name.rawName.utf8)
            append(": ", to: &output)
            output.append(contentsOf: field.value.utf8)
            append("\r\n", to: &output)
        }
        append("X-Request-Id: ", to: &output)
        context.requestID.append(to: &output)
        append("\r\n", to: &output)
        if let duration = context.duration { timing(duration, to: &output) }
        let framing = frame(response, context, to: &output)
        if context.closes || framing == .untilClose {
            append("Connection: close\r\n\r\n", to: &output)
        } else if context.version == .http10 {
            append("Connection: keep-alive\r\n\r\n", to: &output)
        } else {
            append("\r\n", to: &output)
        }
        return framing
    }

    /// Server-Timing (W3C): how long the answer took in all, in milliseconds.
    private static func timing(_ duration: Duration, to output: inout [UInt8]) {
        let (seconds, attoseconds) = duration.components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        append("Server-Timing: total;dur=", to: &output)
        decimal(microseconds / 1_000, to: &output)
        // Three digits: the one in front is a point.
        let begin = output.count
        decimal(1_000 + microseconds % 1_000, to: &output)
        output[begin] = UInt8(ascii: ".")
        append("\r\n", to: &output)
    }

    private static func frame(
        _ response: Response, _ context: Context, to output: inout [UInt8]
    ) -> AnswerFraming {
        if response.status == .noContent || response.status == .notModified { return .none }
        let length: Int64
        switch response.body {
        case .none: length = 0
        case .bytes(let bytes): length = Int64(bytes.count)
        case .file(let file): length = file.length
        case .stream(let known?, _): length = known
        case .stream(nil, _), .held:
            if context.version == .http10 { return context.isHead ? .none : .untilClose }
            append("Transfer-Encoding: chunked\r\n", to: &output)
            return context.isHead ? .none : .chunked
        }
        append("Content-Length: ", to: &output)
        decimal(length, to: &output)
        append("\r\n", to: &output)
        return context.isHead || length == 0 ? .none : .length(length)
    }

    /// The fields that only the server may set.
    private static func isServersOwn(_ name: HTTPField.Name) -> Bool {
        // Most names have another length.
        switch name.canonicalName.utf8.count {
        case 4: name == .date
        case 10: name == .connection
        case 14: name == .contentLength
        case 17: name == .transferEncoding
        default: false
        }
    }

    private static func statusLine(_ status: HTTPResponse.Status, to output: inout [UInt8]) {
        if status == .ok { return append("HTTP/1.1 200 OK\r\n", to: &output) }
        append("HTTP/1.1 ", to: &output)
        decimal(Int64(status.code), to: &output)
        output.append(0x20)
        output.append(contentsOf: status.reasonPhrase.utf8)
        append("\r\n", to: &output)
    }

    /// Appends text that is known at compile time.
    static func append(_ text: StaticString, to output: inout [UInt8]) {
        // unsafe: a static string's bytes live forever.
        output.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends a number that is not negative in decimal digits.
    package static func decimal(_ number: Int64, to output: inout [UInt8]) {
        var divisor: Int64 = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            output.append(UInt8(0x30 + number / divisor % 10))
            divisor /= 10
        }
    }

    /// Appends a chunk's size line (RFC 9112 section 7.1).
    package static func chunkSize(_ size: Int, to output: inout [UInt8]) {
        output.append(contentsOf: String(size, radix: 16).utf8)
        append("\r\n", to: &output)
    }
}
