import API
import Formats
import Foundation
import HTTPTypes
import OrderedCollections
import TestSupport
import Testing

/// docs/api.md says what the code says. With `TPUD_WRITE_DOCS=1` the test writes the part that is made from the code.
@Suite struct ReferencePageTests {
    private static let page = ProjectFiles.root.appending(path: "docs/api.md")

    @Test func thePageIsTheCode() throws {
        let page = try String(contentsOf: Self.page, encoding: .utf8)
        let mark = try #require(page.range(of: ReferencePage.mark))
        let written = page[..<mark.lowerBound] + ReferencePage.text
        if ProcessInfo.processInfo.environment["TPUD_WRITE_DOCS"] == "1" {
            try Data(written.utf8).write(to: Self.page)
            return
        }
        #expect(
            page == written,
            "docs/api.md is not what the code says: TPUD_WRITE_DOCS=1 swift test --filter ReferencePageTests")
    }

    @Test func everyMemberOfEverySchemaSaysWhatItMeans() throws {
        let schemas = try #require(OpenAPIDocument.make(version: "")["components"]?["schemas"]?.object)
        func walk(_ schema: JSON, _ path: String) {
            for (name, member) in schema["properties"]?.object ?? [:] {
                #expect(member["description"]?.string?.isEmpty == false, "\(path).\(name)")
                walk(member, "\(path).\(name)")
                if let item = member["items"] { walk(item, "\(path).\(name)[]") }
            }
        }
        for (name, schema) in schemas { walk(schema, name) }
    }

    @Test func theHandWrittenPartNamesRoutesThatExist() throws {
        let page = try String(contentsOf: Self.page, encoding: .utf8)
        let routes = Set(Endpoint.all.map { "\($0.method.rawValue) \($0.path)" })
        for match in page.matches(of: /`((?:GET|POST|PATCH|DELETE|PUT) \/[^`?]*)/) {
            #expect(routes.contains(String(match.1)), "\(match.1)")
        }
    }
}
