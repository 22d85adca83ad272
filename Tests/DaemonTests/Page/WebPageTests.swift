import Crypto
import Daemon
import Foundation
import HTTP
import HTTPTypes
import TestSupport
import Testing

/// The page that the program was built with.
@Suite struct WebPageTests {
    private let page = WebPage.own
    private static let folder = ProjectFiles.root.appending(path: "Sources/CPage/Assets")

    private var texts: [String: String] {
        page.files.mapValues { String(decoding: $0.bytes, as: UTF8.self) }
    }
    private var index: String { String(decoding: page.index.bytes, as: UTF8.self) }

    /// A file that is added to the folder has to be added to `CPage`, too.
    @Test func everyFileOfTheFolderIsEmbedded() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(Set(names) == Set(page.files.keys).union(["index.html"]))
        for (name, file) in page.files {
            #expect(try Data(contentsOf: Self.folder.appending(path: name)) == Data(file.bytes), "\(name)")
        }
    }

    @Test func allOfItTogetherIsSmall() {
        let size = page.files.values.reduce(page.index.compressed.count) { $0 + $1.compressed.count }
        #expect(size < 150_000, "\(size) bytes")
    }

    /// Every path that the HTML names is a file of this version, and every module that a module imports.
    @Test func whatIsNamedIsThere() {
        let paths = index.matches(of: /(?:src|href)="(\/page\/[^"]*)"/).map { String($0.1) }
        let modules = page.files.keys.filter { $0.hasSuffix(".js") && $0 != "theme.js" }
        #expect(paths.count > modules.count, "the modules are named for preloading")
        for path in paths {
            let parts = path.split(separator: "/").map(String.init)
            #expect(page.file(version: parts[1], name: parts[2]) != nil, "\(path)")
        }
        for (name, text) in texts where name.hasSuffix(".js") {
            for match in text.matches(of: /from "([^"]*)"/) {
                #expect(
                    match.1.hasPrefix("./") && page.files[String(match.1.dropFirst(2))] != nil, "\(name): \(match.1)")
            }
        }
        #expect(!index.contains("VERSION") && !index.contains("PRELOAD"))
    }

    /// Dark colours are written once for those who chose them, and once for those whose system has them.
    @Test func darkColoursAreTheSameBothTimes() throws {
        let sheet = try #require(texts["theme.css"])
        let blocks = sheet.matches(of: /color-scheme: dark;([^}]*)\}/).map {
            $0.1.split(whereSeparator: \.isWhitespace)
        }
        #expect(blocks.count == 2 && blocks.first == blocks.last)
    }

    @Test func nothingComesFromElsewhere() {
        for (name, text) in texts.merging(["index.html": index], uniquingKeysWith: { $1 }) {
            let others = text.matches(of: /(?:https?:)?\/\/[a-z0-9.-]+\.[a-z]{2,}/.ignoresCase()).map { String($0.0) }
            // The name of a namespace, which nobody asks for.
            #expect(others.filter { $0 != "http://www.w3.org" }.isEmpty, "\(name): \(others)")
        }
    }

    /// What the policy would refuse, or what makes HTML of text.
    @Test func nothingIsInline() throws {
        let source = try String(contentsOf: Self.folder.appending(path: "index.html"), encoding: .utf8)
        #expect(source.firstMatch(of: /<style|\sstyle=|\son\w+=|<script>/) == nil)
        for (name, text) in texts where name.hasSuffix(".js") {
            let words = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function/
            #expect(text.firstMatch(of: words) == nil, "\(name)")
        }
    }

    /// The first paint takes one answer: nothing in the head is waited for. The policy names what stands there by its hash.
    @Test func whatThePaintWaitsForIsInTheHTML() throws {
        #expect(index.firstMatch(of: /rel="stylesheet"|<script src/) == nil)
        let policy = try #require(
            page.index.answer(acceptEncoding: nil, ifNoneMatch: nil).fields[.contentSecurityPolicy])
        func hash(_ text: Substring) -> String {
            "'sha256-\(Data(SHA256.hash(data: Array(text.utf8))).base64EncodedString())'"
        }
        let styles = index.matches(of: /(?s)<style>(.*?)<\/style>/).map(\.1)
        let scripts = index.matches(of: /(?s)<script>(.*?)<\/script>/).map(\.1)
        #expect(styles.map(String.init) == ["theme.css", "page.css"].map { texts[$0] ?? "" })
        #expect(scripts.map(String.init) == [texts["theme.js"] ?? ""])
        // The order of sources in a policy means nothing.
        let directives = policy.split(separator: "; ").map { Set($0.split(separator: " ").map(String.init)) }
        #expect(directives.contains(Set(["style-src", "'self'"] + styles.map(hash))), "\(policy)")
        #expect(directives.contains(Set(["script-src", "'self'"] + scripts.map(hash))), "\(policy)")
        // The files themselves have nothing in them.
        let file = try #require(page.files["app.js"]).answer(acceptEncoding: nil, ifNoneMatch: nil)
        #expect(file.fields[.contentSecurityPolicy]?.contains("sha256") == false)
    }

    @Test func theVersionIsThatOfTheBytes() throws {
        func page(_ text: String) -> WebPage {
            WebPage(files: [
                ("a.js", Array(text.utf8)),
                ("index.html", Array("<!-- PRELOAD --><a href=\"/page/VERSION/a.js\">".utf8)),
            ])
        }
        let (one, other) = (page("1"), page("2"))
        #expect(one.version == page("1").version)
        #expect(one.version != other.version)
        #expect(one.file(version: one.version, name: "a.js") != nil)
        for (version, name) in [
            (other.version, "a.js"), (one.version, "b.js"), (one.version, "index.html"), (nil, "a.js"),
        ] {
            #expect(one.file(version: version, name: name) == nil)
        }
        let path = "/page/\(one.version)/a.js"
        #expect(
            String(decoding: one.index.bytes, as: UTF8.self)
                == "<link rel=\"modulepreload\" href=\"\(path)\"><a href=\"\(path)\">")
    }
}
