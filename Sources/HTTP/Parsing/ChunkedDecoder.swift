package import HTTPTypes

/// Takes the chunked coding off a body that comes in pieces (RFC 9112 section 7.1). A copyable value: the tests cut the
/// same bytes everywhere and compare.
package struct ChunkedDecoder: Sendable {
    private enum State: Equatable {
        /// Digits of a size; so many were read.
        case size(digits: Int)
        /// Spaces after a size, which only an extension may follow.
        case afterSize
        /// A chunk extension: skipped to the line's end.
        case chunkExtension
        /// The line feed after a size line.
        case sizeLineFeed
        case data
        case dataCarriageReturn
        case dataLineFeed
        /// Field lines after the last chunk, gathered in `trailer`.
        case trailer
        case done
    }

    private let limits: ServerConfiguration.Limits
    private var state = State.size(digits: 0)
    /// Bytes of the present chunk that are still to come.
    private var remaining = 0
    private var lineBytes = 0
    private var trailer: [UInt8] = []
    /// Bytes of all chunks whose size was read.
    private var total = 0
    /// The trailer fields, once all is read.
    package private(set) var trailers: HTTPFields = [:]

    /// A decoder at the beginning of a body.
    package init(limits: ServerConfiguration.Limits = .init()) { self.limits = limits }

    /// Whether the last byte of the body was read.
    package var isComplete: Bool { state == .done }

    /// Reads from `start` on and calls `data` with each piece of the body.
    /// - Returns: the index after the last byte that belongs to the body.
    /// - Throws: `HTTPError`; the connection cannot be used further then.
    package mutating func decode(
        _ bytes: Span<UInt8>, from start: Int, data: (Span<UInt8>) -> Void
    ) throws(HTTPError) -> Int {
        var index = start
        while index < bytes.count, state != .done {
            switch state {
            case .data:
                let count = min(remaining, bytes.count - index)
                data(bytes.extracting(index..<(index + count)))
                index += count
                remaining -= count
                if remaining == 0 { state = .dataCarriageReturn }
            case .trailer:
                index = try takeTrailer(bytes, index)
            default:
                try take(bytes[index])
                index += 1
            }
        }
        return index
    }

    private mutating func take(_ byte: UInt8) throws(HTTPError) {
        switch state {
        case .size(let digits):
            try countLine()
            if let value = ByteClass.hexValue(byte) {
                guard remaining <= (limits.body >> 4) + 1 else { throw Self.tooLarge(limits) }
                remaining = remaining << 4 | Int(value)
                state = .size(digits: digits + 1)
            } else {
                guard digits > 0 else { throw Self.bad("a chunk does not begin with its size") }
                try endSize(byte)
            }
        case .afterSize:
            try countLine()
            guard byte != 0x0d else { throw Self.bad("a space follows a chunk's size") }
            try endSize(byte)
        case .chunkExtension:
            try countLine()
            if byte == 0x0d {
                state = .sizeLineFeed
            } else if !ByteClass.isFieldValue(byte) {
                throw Self.bad("byte 0x\(String(byte, radix: 16)) is not allowed in a chunk extension")
            }
        case .sizeLineFeed:
            guard byte == 0x0a else { throw HeadParser.bareCarriageReturn }
            lineBytes = 0
            total += remaining
            guard total <= limits.body else { throw Self.tooLarge(limits) }
            state = remaining == 0 ? .trailer : .data
        case .dataCarriageReturn:
            guard byte == 0x0d else { throw Self.bad("a chunk is longer than its size") }
            state = .dataLineFeed
        case .dataLineFeed:
            guard byte == 0x0a else { throw HeadParser.bareCarriageReturn }
            state = .size(digits: 0)
        case .data, .trailer, .done:
            preconditionFailure("decode takes these bytes itself")
        }
    }

    /// The byte after a chunk's size, or after spaces behind it.
    private mutating func endSize(_ byte: UInt8) throws(HTTPError) {
        switch byte {
        case 0x0d: state = .sizeLineFeed
        case 0x3b: state = .chunkExtension
        case 0x20, 0x09: state = .afterSize
        default: throw Self.bad("a chunk's size is not a hexadecimal number")
        }
    }

    private mutating func countLine() throws(HTTPError) {
        lineBytes += 1
        guard lineBytes <= limits.chunkLine else {
            throw Self.bad("a chunk's size line has at most \(limits.chunkLine) bytes")
        }
    }

    // MARK: Trailers

    /// Gathers bytes up to the empty line and reads the fields then.
    private mutating func takeTrailer(_ bytes: Span<UInt8>, _ start: Int) throws(HTTPError) -> Int {
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            trailer.append(byte)
            guard trailer.count <= limits.head else {
                throw HTTPError(.fieldsTooLarge, "the fields after a body have at most \(limits.head) bytes")
            }
            guard byte == 0x0a else { continue }
            guard trailer.count >= 2, trailer[trailer.count - 2] == 0x0d else {
                throw HTTPError(.malformedRequest, "a line ends with a line feed alone")
            }
            if trailer.count == 2 || trailer[trailer.count - 3] == 0x0a {
                try finish()
                return index
            }
        }
        return index
    }

    private mutating func finish() throws(HTTPError) {
        let lines = trailer
        trailer = []
        let bytes = lines.span
        var found = HTTPFields()
        var index = 0
        var count = 0
        while bytes[index] != 0x0d {
            // The bytes end with an empty line, so that no field line runs past them.
            guard let (field, next) = try FieldLine.parse(bytes, from: index, limit: limits.fieldLine) else { break }
            count += 1
            guard count <= limits.fieldCount else {
                throw HTTPError(.fieldsTooLarge, "there are at most \(limits.fieldCount) fields after a body")
            }
            if let name = HTTPField.Name(Request.text(lines[field.name])), Self.mayTrail(name) {
                found.append(HTTPField(name: name, value: Request.text(lines[field.value])))
            }
            index = next
        }
        trailers = found
        state = .done
    }

    /// Fields that frame, route, authenticate or condition a request mean nothing after it (RFC 9110 section 6.5.1).
    private static func mayTrail(_ name: HTTPField.Name) -> Bool {
        ![
            "transfer-encoding", "content-length", "host", "connection", "trailer", "te", "upgrade", "expect",
            "authorization", "cookie", "content-type", "content-encoding", "content-range", "range", "if-match",
            "if-none-match", "if-modified-since", "if-unmodified-since", "if-range", "cache-control", "max-forwards",
        ].contains(name.canonicalName)
    }

    private static func bad(_ detail: String) -> HTTPError { HTTPError(.badFraming, detail) }

    private static func tooLarge(_ limits: ServerConfiguration.Limits) -> HTTPError {
        HTTPError(.bodyTooLarge, "a body has at most \(limits.body) bytes")
    }
}
