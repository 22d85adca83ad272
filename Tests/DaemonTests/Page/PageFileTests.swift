import Daemon
import HTTP
import HTTPTypes
import Testing

@Suite struct PageFileTests {
    private let file: PageFile

    init() throws {
        file = try #require(
            PageFile(name: "a.js", bytes: Array(String(repeating: "let a = 1;\n", count: 50).utf8), keeping: .forever))
    }

    private func bytes(_ response: Response) -> [UInt8]? {
        guard case .bytes(let bytes) = response.body else { return nil }
        return bytes
    }

    @Test func itIsAnsweredAsItIs() {
        let response = file.answer(acceptEncoding: nil, ifNoneMatch: nil)
        #expect(response.status == .ok)
        #expect(bytes(response) == file.bytes)
        #expect(response.fields[.contentType] == "text/javascript; charset=utf-8")
        #expect(response.fields[.contentEncoding] == nil)
        #expect(response.fields[.cacheControl] == "public, max-age=31536000, immutable")
        #expect(response.fields[.vary] == "Accept-Encoding")
        #expect(response.fields[.xContentTypeOptions] == "nosniff")
    }

    @Test func itIsAnsweredCompressedWhereThatIsTaken() {
        let response = file.answer(acceptEncoding: "gzip, br", ifNoneMatch: nil)
        #expect(bytes(response) == file.compressed)
        #expect(file.compressed.count < file.bytes.count)
        #expect(response.fields[.contentEncoding] == "gzip")
        #expect(response.fields[.contentType] == "text/javascript; charset=utf-8")
    }

    @Test(arguments: [nil, "gzip"]) func whoHasItGetsNothing(coding: String?) throws {
        let tag = try #require(file.answer(acceptEncoding: coding, ifNoneMatch: nil).fields[.eTag])
        let response = file.answer(acceptEncoding: coding, ifNoneMatch: tag)
        #expect(response.status == .notModified)
        #expect(bytes(response) == nil)
        #expect(response.fields[.eTag] == tag)
        #expect(response.fields[.cacheControl] != nil)
        // The other coding is another representation.
        #expect(file.answer(acceptEncoding: coding == nil ? "gzip" : nil, ifNoneMatch: tag).status == .ok)
        #expect(file.answer(acceptEncoding: coding, ifNoneMatch: "\"other\"").status == .ok)
    }

    /// Nothing of another origin, nothing inline, no frame.
    @Test func thePolicyIsStrict() throws {
        let policy = try #require(file.answer(acceptEncoding: nil, ifNoneMatch: nil).fields[.contentSecurityPolicy])
        #expect(policy.hasPrefix("default-src 'none'; "))
        #expect(policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"))
        for word in ["unsafe", "http", "*", "data:"] { #expect(!policy.contains(word)) }
    }

    @Test func aNameSaysItsType() throws {
        let types = [
            "index.html": "text/html", "a.css": "text/css", "a.b.js": "text/javascript", "i.svg": "image/svg+xml",
        ]
        for (name, type) in types {
            let file = try #require(PageFile(name: name, bytes: [], keeping: .asks))
            let response = file.answer(acceptEncoding: nil, ifNoneMatch: nil)
            #expect(response.fields[.contentType]?.hasPrefix(type) == true)
            #expect(response.fields[.cacheControl] == "no-cache")
        }
        for name in ["", "a", "a.exe", "js"] {
            #expect(PageFile(name: name, bytes: [], keeping: .asks) == nil || name == "js")
        }
    }
}
