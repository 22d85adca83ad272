import HTTP
import HTTPTypes
import Testing

@Suite struct HTTPErrorTests {
    private static let statuses: [HTTPError.Code: Int] = [
        .malformedRequest: 400, .badFraming: 400, .badHost: 400, .badTarget: 400, .badQuery: 400, .unauthenticated: 401,
        .forbidden: 403, .notFound: 404,
        .methodNotAllowed: 405, .foreignOrigin: 403, .timeout: 408, .lengthRequired: 411, .bodyTooLarge: 413,
        .targetTooLong: 414, .unsupportedMediaType: 415, .rangeNotSatisfiable: 416, .expectationFailed: 417,
        .misdirected: 421, .rateLimited: 429, .fieldsTooLarge: 431, .internalError: 500, .notImplemented: 501,
        .overloaded: 503,
        .versionNotSupported: 505,
    ]

    @Test(arguments: HTTPError.Code.allCases) func eachCodeHasItsStatus(code: HTTPError.Code) {
        let error = HTTPError(code, "why")
        #expect(error.status.code == Self.statuses[code])
        #expect(!error.status.reasonPhrase.isEmpty)
        #expect(error.description == "\(code.rawValue) (\(error.status.code)): why")
    }
}
