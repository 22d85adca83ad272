import HTTP
import HTTPTypes
import TestSupport
import Testing

@Suite struct RouterTests {
    private static let known: [(HTTPRequest.Method, String)] = [
        (.get, "/"), (.get, "/jobs"), (.post, "/jobs"), (.get, "/jobs/{id}"), (.get, "/jobs/latest"),
        (.delete, "/jobs/{id}"), (.get, "/jobs/{id}/log"), (.get, "/jobs/latest/{part}"), (.put, "/a b"),
    ]
    private static let router = Router(known.map { Route($0.0, $0.1, .immediate { _ in .text("") }) })

    private func match(_ method: String, _ path: String, _ router: Router = router) throws -> (String, [String?]) {
        let storage = RequestStorage()
        let bytes = Array("\(method) \(path) HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
        _ = try #require(try HeadParser().parse(bytes.span, into: storage))
        let match = router.match(storage)
        let request = Request(storage)
        switch match {
        case .route(let index):
            return ("\(router.routes[index].template)", [request.parameter("id"), request.parameter("part")])
        case .options(let allow): return ("allow \(allow)", [])
        case .error(let error): return (error.code.rawValue, [error.fields[.allow]])
        }
    }

    @Test(
        arguments: [
            ("GET", "/", "/", nil, nil), ("GET", "/jobs", "/jobs", nil, nil),
            ("GET", "/jobs/7", "/jobs/{id}", "7", nil),
            ("HEAD", "/jobs/7", "/jobs/{id}", "7", nil), ("GET", "/jobs/latest", "/jobs/latest", nil, nil),
            ("GET", "/jobs/l%61test", "/jobs/latest", nil, nil), ("GET", "/jobs/7/log", "/jobs/{id}/log", "7", nil),
            ("GET", "/jobs/latest/x", "/jobs/latest/{part}", nil, "x"),
            // A literal that leads nowhere leaves the parameter.
            ("GET", "/jobs/latest/log", "/jobs/latest/{part}", nil, "log"),
            ("GET", "/jobs/a%20%C3%A9", "/jobs/{id}", "a é", nil), ("PUT", "/a%20b", "/a b", nil, nil),
        ] as [(String, String, String, String?, String?)])
    func findsTheRoute(method: String, path: String, template: String, id: String?, part: String?) throws {
        let found = try match(method, path)
        #expect(found.0 == template)
        #expect(found.1 == [id, part])
    }

    @Test(
        arguments: [
            ("GET", "/nothing", "NOT_FOUND", nil), ("GET", "/jobs/", "NOT_FOUND", nil),
            ("GET", "/jobs//log", "NOT_FOUND", nil), ("GET", "/JOBS", "NOT_FOUND", nil),
            ("PUT", "/jobs", "METHOD_NOT_ALLOWED", "GET, HEAD, OPTIONS, POST"),
            ("HEAD", "/a%20b", "METHOD_NOT_ALLOWED", "OPTIONS, PUT"),
            ("QUERY", "/jobs", "METHOD_NOT_ALLOWED", "GET, HEAD, OPTIONS, POST"),
            ("BREW", "/jobs", "NOT_IMPLEMENTED", "GET, HEAD, OPTIONS, POST"),
            ("GET", "/jobs/%2e%2e", "BAD_TARGET", nil), ("GET", "/jobs/.", "BAD_TARGET", nil),
            ("GET", "/jobs/a%2Fb", "BAD_TARGET", nil), ("GET", "/jobs/a%5Cb", "BAD_TARGET", nil),
            ("GET", "/jobs/a%00", "BAD_TARGET", nil), ("GET", "/jobs/%ff", "BAD_TARGET", nil),
            ("GET", "/%ff", "BAD_TARGET", nil),
        ] as [(String, String, String, String?)])
    func saysWhyThereIsNone(method: String, path: String, code: String, allow: String?) throws {
        let found = try match(method, path)
        #expect(found.0 == code)
        #expect(found.1 == [allow])
    }

    @Test func optionsAreThoseOfThePathOrOfAll() throws {
        #expect(try match("OPTIONS", "/jobs/7").0 == "allow DELETE, GET, HEAD, OPTIONS")
        #expect(try match("OPTIONS", "*").0 == "allow DELETE, GET, HEAD, OPTIONS, POST, PUT")
    }

    /// Among random templates each path finds a template that fits it, with literals before parameters from the left.
    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func findsTheMostLiteralTemplate(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let words = ["a", "b", "{x}"]
        var templates: Set<String> = []
        for _ in 0..<12 {
            templates.insert("/" + (0...random.below(3)).map { _ in words[random.below(3)] }.joined(separator: "/"))
        }
        let router = Router(templates.sorted().map { Route(.get, $0, .immediate { _ in .text("") }) })
        for _ in 0..<200 {
            let segments = (0...random.below(3)).map { _ in ["a", "b", "c"][random.below(3)] }
            // "{" sorts behind every letter: the first that fits has the most literals from the left.
            let expected = templates.sorted().first { template in
                let parts = template.split(separator: "/")
                return parts.count == segments.count && zip(parts, segments).allSatisfy { $0 == $1 || $0 == "{x}" }
            }
            let path = "/" + segments.joined(separator: "/")
            #expect(try match("GET", path, router).0 == expected ?? "NOT_FOUND", "seed \(seed), \(path)")
        }
    }
}
