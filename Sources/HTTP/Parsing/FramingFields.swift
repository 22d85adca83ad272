/// The values of the fields that frame a body (RFC 9112 section 6).
package enum FramingFields {
    /// Content-Length: digits only; one that no Int holds is as good as too large.
    package static func contentLength(_ bytes: Span<UInt8>, _ value: Range<Int>) throws(HTTPError) -> Int {
        guard !value.isEmpty else { throw HTTPError(.badFraming, "Content-Length is empty") }
        var length = 0
        for index in value {
            guard ByteClass.isDigit(bytes[index]) else {
                throw HTTPError(.badFraming, "Content-Length is not a number of digits alone")
            }
            let (product, overflow) = length.multipliedReportingOverflow(by: 10)
            let (sum, over) = product.addingReportingOverflow(Int(bytes[index] - 0x30))
            length = overflow || over ? .max : sum
            if overflow || over { break }
        }
        if length == .max {
            for index in value where !ByteClass.isDigit(bytes[index]) {
                throw HTTPError(.badFraming, "Content-Length is not a number of digits alone")
            }
        }
        return length
    }

    /// Transfer-Encoding: `chunked` alone. Another coding before it is 501; everything else has no certain end.
    package static func checkTransferEncoding(_ bytes: Span<UInt8>, _ value: Range<Int>) throws(HTTPError) {
        if bytes.equals("chunked", in: value) { return }
        var codings = 0
        var chunked = 0
        var last = false
        bytes.forEachElement(of: value) { element in
            codings += 1
            last = bytes.equals("chunked", in: element)
            chunked += last ? 1 : 0
        }
        guard codings > 1, last, chunked == 1 else {
            throw HTTPError(.badFraming, "Transfer-Encoding is not chunked, once and last")
        }
        throw HTTPError(.notImplemented, "the only transfer coding of this server is chunked")
    }
}
