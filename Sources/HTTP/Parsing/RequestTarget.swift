import HTTPTypes

/// The target of a request line (RFC 9112 section 3.2).
enum RequestTarget {
    /// Finds path and query of `target`, whose bytes are all allowed in a target.
    /// - Throws: `HTTPError` for a target that is not an origin-form, absolute-form of http(s), or `*` of OPTIONS.
    static func parse(_ bytes: Span<UInt8>, _ target: Range<Int>, _ storage: RequestStorage) throws(HTTPError) {
        guard let first = target.first else { throw HTTPError(.badTarget, "the request target is empty") }
        if storage.method == .connect {
            throw HTTPError(.notImplemented, "this server is not a proxy: CONNECT is not implemented")
        }
        var path = target
        if bytes[first] == 0x2a {
            guard target.count == 1, storage.method == .options else {
                throw HTTPError(.badTarget, "the target * belongs to OPTIONS")
            }
            storage.path = target
            storage.queryRange = nil
            return
        }
        if bytes[first] != 0x2f { path = try absolute(bytes, target, storage) }
        try checkPercents(bytes, path)
        if let question = path.first(where: { bytes[$0] == 0x3f }) {
            storage.queryRange = (question + 1)..<path.upperBound
            path = path.lowerBound..<question
        } else {
            storage.queryRange = nil
        }
        // An absolute target may have no path, which means "/": a slash of its "://" is taken for it.
        storage.path = path.isEmpty ? slashBefore(bytes, path.lowerBound) : path
    }

    /// The path and query of an absolute target.
    private static func absolute(
        _ bytes: Span<UInt8>, _ target: Range<Int>, _ storage: RequestStorage
    ) throws(HTTPError) -> Range<Int> {
        let start = target.lowerBound
        let scheme: Int
        if target.count > 7, bytes.equals("http://", in: start..<(start + 7)) {
            scheme = 7
        } else if target.count > 8, bytes.equals("https://", in: start..<(start + 8)) {
            scheme = 8
        } else {
            throw HTTPError(.badTarget, "the request target is neither a path nor an http address")
        }
        let authorityStart = start + scheme
        var end = authorityStart
        while end < target.upperBound, bytes[end] != 0x2f, bytes[end] != 0x3f { end += 1 }
        guard end > authorityStart, HostField.isValid(bytes, authorityStart..<end) else {
            throw HTTPError(.badTarget, "the address of the request target names no host")
        }
        storage.targetAuthority = authorityStart..<end
        return end..<target.upperBound
    }

    private static func slashBefore(_ bytes: Span<UInt8>, _ end: Int) -> Range<Int> {
        var index = end - 1
        while bytes[index] != 0x2f { index -= 1 }
        return index..<(index + 1)
    }

    /// Each percent sign is followed by two hexadecimal digits (RFC 3986 section 2.1).
    private static func checkPercents(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(HTTPError) {
        for index in range where bytes[index] == 0x25 {
            guard index + 2 < range.upperBound, ByteClass.hexValue(bytes[index + 1]) != nil,
                ByteClass.hexValue(bytes[index + 2]) != nil
            else { throw HTTPError(.badTarget, "a percent sign is not followed by two hexadecimal digits") }
        }
    }
}
