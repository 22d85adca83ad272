import Formats
import Testing
import Transfer

/// `GET /v1/jobs/{id}/spec` of the real binary.
@Suite(.timeLimit(.minutes(10))) struct SpecificationRouteTests {
    @Test func aSpecificationComesByItself() throws {
        let daemon = try DaemonProcess(["--workers", "0"])
        var sent = Jobs.tiny()
        sent["webhooks"] = [["url": "https://hooks.example/x"]]
        let id = try daemon.submit(sent)
        let reply = try daemon.send("GET", "/v1/jobs/\(id)/spec")
        let job = try daemon.json("/v1/jobs/\(id)")
        #expect(
            reply.status == 200 && reply.field("etag") == "\"1\"" && reply.field("content-type") == "application/json")
        let spec = try JSON(parsing: reply.body)
        #expect(spec == job["spec"] && spec["priority"] == 0)
        #expect(try daemon.send("GET", "/v1/jobs/\(id)/spec", fields: [("If-None-Match", "\"1\"")]).status == 304)
        // It can be submitted again as it is, and says the same then.
        let again = try daemon.submit(spec)
        #expect(try daemon.json("/v1/jobs/\(again)/spec") == spec)
        let change = Array("{\"priority\":7}".utf8)
        #expect(try daemon.send("PATCH", "/v1/jobs/\(id)", body: change).status == 200)
        let changed = try daemon.send("GET", "/v1/jobs/\(id)/spec", fields: [("If-None-Match", "\"1\"")])
        #expect(changed.status == 200 && changed.field("etag") == "\"2\"")
        #expect(try JSON(parsing: changed.body)["priority"] == 7)
        #expect(try daemon.send("GET", "/v1/jobs/0/spec").status == 404)
    }
}
