import API
import Formats
import HTTPTypes
import OrderedCollections
import Testing

@Suite struct EndpointTests {
    /// The contract's section 2, as it stands there.
    private static let contract: Set<String> = [
        "POST /v1/jobs", "GET /v1/jobs", "GET /v1/jobs/{id}", "PATCH /v1/jobs/{id}", "POST /v1/jobs/{id}/cancel",
        "POST /v1/jobs/{id}/kill", "POST /v1/jobs/{id}/pause", "POST /v1/jobs/{id}/resume",
        "POST /v1/jobs/{id}/checkpoint", "DELETE /v1/jobs/{id}", "GET /v1/jobs/{id}/events", "GET /v1/jobs/{id}/logs",
        "GET /v1/jobs/{id}/metrics", "GET /v1/jobs/{id}/checkpoints", "GET /v1/jobs/{id}/checkpoints/{step}/{file}",
        "GET /v1/jobs/{id}/predictions", "GET /v1/jobs/{id}/attempts", "GET /v1/topology", "POST /v1/hosts/{n}/drain",
        "POST /v1/hosts/{n}/undrain", "POST /v1/hosts/{n}/fail", "POST /v1/hosts/{n}/repair", "GET /v1/queue",
        "GET /v1/events", "GET /healthz", "GET /readyz", "GET /version", "GET /metrics", "GET /openapi.json", "GET /",
    ]

    @Test func theTableIsTheContract() {
        #expect(Set(Endpoint.all.map { "\($0.method.rawValue) \($0.path)" }) == Self.contract)
        #expect(Endpoint.all.count == Self.contract.count)
        #expect(Set(Endpoint.all.map(\.operation)) == Set(Endpoint.Operation.allCases))
        for operation in Endpoint.Operation.allCases { #expect(Endpoint.of(operation).operation == operation) }
    }

    @Test func pathsAreFilledIn() {
        let endpoint = Endpoint.of(.downloadCheckpointFile)
        #expect(endpoint.pathParameters == ["id", "step", "file"])
        #expect(
            endpoint.path(["id": "a/b", "step": "7", "file": "é x.safetensors"])
                == "/v1/jobs/a%2Fb/checkpoints/7/%C3%A9%20x.safetensors")
        #expect(Endpoint.of(.dashboard).path([:]) == "/")
    }

    private func query(
        _ operation: Endpoint.Operation, _ pairs: [(name: String, value: String)]
    ) -> Result<QueryValues, APIError> {
        do throws(APIError) { return .success(try QueryValues(pairs, of: Endpoint.of(operation).query)) } catch {
            return .failure(error)
        }
    }

    @Test func aGoodQueryIsRead() throws {
        let values = try query(
            .listJobs,
            [
                ("state", "QUEUED"), ("state", "RUNNING"), ("label", "a=b=c"), ("label", "d="), ("limit", "9999"),
                ("page_token", "01aryz6s410000000000000001"),
            ]
        ).get()
        #expect(values.texts("state") == ["QUEUED", "RUNNING"])
        #expect(values.labels("label").map(\.name) == ["a", "d"])
        #expect(values.labels("label").map(\.value) == ["b=c", ""])
        #expect(values.integer("limit") == 9999)
        #expect(values.text("owner") == nil)
        let wait = try query(.getJob, [("wait", "60s"), ("since_version", "0"), ("until", "terminal")]).get()
        #expect(wait.seconds("wait") == 60)
        #expect(try query(.submitJob, [("dry_run", "true")]).get().flag("dry_run"))
        #expect(try !query(.submitJob, []).get().flag("dry_run"))
    }

    @Test(arguments: [
        (Endpoint.Operation.listJobs, "limit", "0"), (.listJobs, "limit", "-1"), (.listJobs, "limit", "+5"),
        (.listJobs, "limit", "5x"), (.listJobs, "limit", ""), (.listJobs, "limit", "99999999999999999999"),
        (.listJobs, "state", "queued"), (.listJobs, "label", "novalue"), (.listJobs, "label", "=v"),
        (.listJobs, "page_token", "../.."), (.listJobs, "owner", ""), (.getJob, "wait", "soon"),
        (.getJob, "until", "done"), (.submitJob, "dry_run", "1"), (.readLogs, "tail", "-5"),
    ])
    func aMalformedParameterIsNamed(operation: Endpoint.Operation, name: String, value: String) throws {
        guard case .failure(let error) = query(operation, [(name, value)]) else {
            Issue.record("\(name)=\(value) was taken")
            return
        }
        let problem = Problem(error)
        #expect(problem.status == 400)
        #expect(problem.errors.map(\.parameter) == [name])
        #expect(problem.detail.contains("\"\(name)\""))
    }

    @Test func anUnknownOrRepeatedParameterIsNamed() {
        let unknown = query(.listJobs, [("limmit", "5")])
        #expect(unknown == .failure(.unknownParameter("limmit", nearest: "limit")))
        #expect(query(.healthz, [("x", "1")]) == .failure(.unknownParameter("x", nearest: nil)))
        let twice = query(.listJobs, [("limit", "5"), ("limit", "6")])
        #expect(twice == .failure(.malformedParameter("limit", detail: "may be given only once")))
    }

    @Test func theDocumentShowsWhatIsBuiltAndNothingElse() throws {
        let document = OpenAPIDocument.make(version: "1.2.3")
        #expect(document["openapi"]?.string == "3.1.0")
        let paths = try #require(document["paths"]?.object)
        var shown: Set<String> = []
        for (path, item) in paths {
            for method in try #require(item.object).keys { shown.insert("\(method.uppercased()) \(path)") }
        }
        let built = Endpoint.all.filter(\.isBuilt).map { "\($0.method.rawValue) \($0.path)" }
        #expect(shown == Set(built))
        #expect(shown.count < Self.contract.count)
        #expect(try JSON(parsing: document.serialized()) == document)
    }

    @Test func everyReferenceOfTheDocumentLeadsSomewhere() throws {
        let document = OpenAPIDocument.make(version: "1")
        var references: Set<String> = []
        func walk(_ value: JSON) {
            if let reference = value["$ref"]?.string { references.insert(reference) }
            for child in value.array ?? [] { walk(child) }
            for child in value.object?.values.elements ?? [] { walk(child) }
        }
        walk(document)
        #expect(references.count > 8)
        for reference in references {
            let pointer = try #require(JSONPointer(String(reference.dropFirst())))
            #expect(document[pointer] != nil, "\(reference)")
        }
    }
}
