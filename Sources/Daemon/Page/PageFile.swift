import API
import Crypto
import Formats
package import HTTP
import HTTPTypes

/// One file of the page at `/`, as it is answered.
package struct PageFile: Sendable {
    /// Its name.
    package let name: String
    /// Its bytes.
    package let bytes: [UInt8]
    /// The same with gzip.
    package let compressed: [UInt8]
    private let type: String
    private let tag: String
    private let fields: HTTPFields

    /// What stands in the file itself and may run or style it all the same, told by the hashes of its text.
    struct Inlined {
        /// `sha256-…` of each style sheet.
        var styles: [String] = []
        /// `sha256-…` of each script.
        var scripts: [String] = []
    }

    /// A file of the page; nil for a name whose ending says nothing of its type.
    /// - Parameter keeping: How long a browser may keep it.
    package init?(name: String, bytes: [UInt8], keeping: CacheControl) {
        self.init(name: name, bytes: bytes, keeping: keeping, inlined: Inlined())
    }

    /// A file that has others in it.
    init?(name: String, bytes: [UInt8], keeping: CacheControl, inlined: Inlined) {
        guard let ending = name.split(separator: ".").last, let type = Self.types[String(ending)] else { return nil }
        self.name = name
        self.bytes = bytes
        self.type = type
        compressed = Gzip.compressed(bytes)
        tag = Hexadecimal.text(SHA256.hash(data: bytes).prefix(8))
        fields = HTTPFields(
            [
                HTTPField(name: .cacheControl, value: keeping.rawValue),
                HTTPField(name: .vary, value: "Accept-Encoding"),
                HTTPField(name: .contentSecurityPolicy, value: Self.policy(inlined)),
                HTTPField(name: .xContentTypeOptions, value: "nosniff"),
            ] + Self.isolation)
    }

    /// The answer to a request for it: its bytes, with gzip where that is taken, or 304.
    package func answer(acceptEncoding: String?, ifNoneMatch: String?) -> Response {
        let isCompressed = AcceptEncodingField(acceptEncoding).takes("gzip")
        // What is coded otherwise is another representation (RFC 9110 section 8.8.3.3).
        let opaque = isCompressed ? tag + "-gzip" : tag
        var fields = fields
        fields[.eTag] = "\"\(opaque)\""
        if let ifNoneMatch, EntityTag.ifNoneMatch(ifNoneMatch, names: opaque) {
            return Response(.notModified, fields: fields)
        }
        fields[.contentType] = type
        if isCompressed { fields[.contentEncoding] = "gzip" }
        return Response(.ok, fields: fields, body: .bytes(isCompressed ? compressed : bytes))
    }

    private static let types = [
        "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "svg": "image/svg+xml",
    ]

    /// Nothing but the page's own files, no code or style in them but the page's own, no text that becomes HTML, no frame
    /// around it (CSP level 3, Trusted Types).
    private static func policy(_ inlined: Inlined) -> String {
        func own(_ hashes: [String]) -> String { (["'self'"] + hashes.map { "'\($0)'" }).joined(separator: " ") }
        return [
            "default-src 'none'", "script-src \(own(inlined.scripts))", "style-src \(own(inlined.styles))",
            "img-src 'self'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
            "require-trusted-types-for 'script'", "trusted-types 'none'",
        ].joined(separator: "; ")
    }

    private static let isolation = [
        ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ].compactMap { name, value in HTTPField.Name(name).map { HTTPField(name: $0, value: value) } }
}
