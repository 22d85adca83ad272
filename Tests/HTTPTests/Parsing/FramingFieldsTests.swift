import HTTP
import Testing

@Suite struct FramingFieldsTests {
    @Test(
        arguments: [
            ("0", 0), ("12", 12), ("0012", 12), ("9223372036854775806", .max - 1), ("9223372036854775807", .max),
            ("9223372036854775808", .max), ("99999999999999999999999999", .max), ("", nil), ("+5", nil), ("-5", nil),
            ("5 ", nil), ("5, 5", nil), ("0x5", nil), ("5.0", nil), ("99999999999999999999999999x", nil),
        ] as [(String, Int?)])
    func aLengthIsDigitsAlone(text: String, length: Int?) {
        let bytes = Array(text.utf8)
        var found: Int?
        do throws(HTTPError) {
            found = try FramingFields.contentLength(bytes.span, 0..<bytes.count)
        } catch {
            #expect(error.code == .badFraming)
        }
        #expect(found == length)
    }

    @Test(
        arguments: [
            ("chunked", nil), ("Chunked", nil), ("gzip, chunked", .notImplemented), ("gzip", .badFraming),
            ("chunked, gzip", .badFraming), ("chunked, chunked", .badFraming), ("chunked,", .badFraming),
            ("", .badFraming), ("xchunked", .badFraming), ("identity", .badFraming), (", chunked", .notImplemented),
        ] as [(String, HTTPError.Code?)])
    func theOnlyCodingIsChunkedOnceAndLast(text: String, code: HTTPError.Code?) {
        let bytes = Array(text.utf8)
        var found: HTTPError.Code?
        do throws(HTTPError) {
            try FramingFields.checkTransferEncoding(bytes.span, 0..<bytes.count)
        } catch {
            found = error.code
        }
        #expect(found == code)
    }
}
