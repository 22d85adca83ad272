import Formats
import Foundation
import TestSupport
import Testing
import Transfer

/// The page at `/` as the real binary serves it.
@Suite(.timeLimit(.minutes(10))) struct WebPageServingTests {
    @Test func everyFileOfThePageIsServed() throws {
        let daemon = try DaemonProcess(["--workers", "0"])
        let index = try daemon.send("GET", "/")
        #expect(index.status == 200)
        #expect(index.field("content-type") == "text/html; charset=utf-8")
        #expect(index.field("cache-control") == "no-cache")
        let text = String(decoding: index.body, as: UTF8.self)
        let paths = Set(text.matches(of: /"(\/page\/[^"]*)"/).map { String($0.1) })
        #expect(paths.count > 20)
        for path in paths.union(["/"]) {
            let reply = try daemon.send("GET", path)
            #expect(reply.status == 200 && !reply.body.isEmpty, "\(path)")
            #expect(reply.field("content-security-policy")?.contains("default-src 'none'") == true)
            let tag = try #require(reply.field("etag"))
            let known = try daemon.send("GET", path, fields: [("If-None-Match", tag)])
            #expect(known.status == 304 && known.body.isEmpty, "\(path)")
            let head = try daemon.send("HEAD", path)
            #expect(head.status == 200 && head.body.isEmpty && head.field("etag") == tag, "\(path)")
            #expect(head.field("content-length") == "\(reply.body.count)")
        }
        let old = try daemon.send("GET", "/page/0123456789abcdef/app.js")
        #expect(old.status == 404)
        #expect(try JSON(parsing: old.body)["code"] == "NOT_FOUND")
        #expect(try daemon.send("POST", "/").status == 405)
    }
}
