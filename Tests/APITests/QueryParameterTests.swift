import API
import Formats
import Jobs
import Testing

@Suite struct QueryParameterTests {
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

    /// Each kind with values that it takes and values that it does not.
    private static let kinds: [(QueryParameter.Kind, good: [String], bad: [String])] = [
        (.text, ["a", " ", "\u{1F600}"], [""]), (.flag, ["true", "false"], ["", "1", "TRUE", "yes", " true"]),
        (.option, ["", "true", "false"], ["1", "no", " "]),
        (.integer(atLeast: 0), ["0", "9007199254740991"], ["-1", "9007199254740992", "01", "1.0", ""]),
        (.integer(atLeast: -2, atMost: 3), ["-2", "0", "3"], ["-3", "4", "-0", "+1"]),
        (.duration, ["0", "1.5m", "60s"], ["", "-1s", "1d"]), (.word(["a", "b"]), ["a", "b"], ["", "c", "A", "a,b"]),
        (.label, ["a=", "a=b", "a=b=c"], ["", "a", "=b"]),
        (.pageToken, ["01aryz6s410000000000000001"], ["", "x", "01ARYZ6S410000000000000001"]),
    ]

    @Test func whatEachKindTakes() {
        for (kind, good, bad) in Self.kinds {
            let parameter = QueryParameter("p", kind, "")
            for value in good {
                let values = try? QueryValues([("p", value)], of: [parameter])
                #expect(values?.text("p") == value, "\(kind): \(value)")
            }
            for value in bad {
                #expect(throws: APIError.self, "\(kind): \(value)") { try QueryValues([("p", value)], of: [parameter]) }
            }
        }
    }

    @Test func oneThatRepeatsHasABoundAndKeepsItsOrder() throws {
        let parameter = QueryParameter("p", .text, repeats: true, "")
        let most = (0..<QueryParameter.mostRepeats).map { (name: "p", value: "\($0)") }
        #expect(try QueryValues(most, of: [parameter]).texts("p") == most.map(\.value))
        #expect(throws: APIError.malformedParameter("p", detail: "may be given at most 64 times")) {
            try QueryValues(most + [("p", "one more")], of: [parameter])
        }
    }

    @Test func whatIsNotGivenIsNothing() throws {
        let values = try QueryValues([], of: [QueryParameter("p", .text, "")])
        #expect(values.text("p") == nil && values.texts("p").isEmpty && values.labels("p").isEmpty)
        #expect(values.integer("p") == nil && values.seconds("p") == nil && !values.flag("p"))
    }

    @Test func anOptionIsOnUnlessItIsFalse() throws {
        func flag(_ value: String) throws -> Bool {
            try QueryValues([("pretty", value)], of: [.pretty]).flag("pretty")
        }
        #expect(try flag("") && flag("true") && !flag("false"))
    }
}
