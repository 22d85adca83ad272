import Formats
package import HTTPTypes

/// One route of the contract's section 2 with all that is said about it; routes, OpenAPI and 501s come from its table.
package struct Endpoint: Sendable {
    /// What a request may carry.
    package enum Body: Hashable, Sendable {
        /// JSON with the named schema.
        case json(schema: String)
        /// A JSON merge patch with the named schema, as `application/merge-patch+json` or plain JSON.
        case patch(schema: String)
        /// Nothing, or a JSON object without members: what later versions take has a place, and a form's body does not
        /// pass for it.
        case emptyObject
    }

    /// One answer.
    package struct Answer: Hashable, Sendable {
        /// The status code.
        package let status: Int
        /// What it means, for the document.
        package let summary: String
        /// The media type of its body; nil for none.
        package let mediaType: String?
        /// The name of its schema among the document's; nil for text and files.
        package let schema: String?
        /// Its header fields beside those of all answers.
        package let fields: [AnswerField]

        static func json(_ status: Int, _ schema: String, _ summary: String, _ fields: AnswerField...) -> Answer {
            Answer(status: status, summary: summary, mediaType: "application/json", schema: schema, fields: fields)
        }

        static func other(_ status: Int, _ mediaType: String?, _ summary: String, _ fields: AnswerField...) -> Answer {
            other(status, mediaType, summary, fields)
        }

        static func other(_ status: Int, _ mediaType: String?, _ summary: String, _ fields: [AnswerField]) -> Answer {
            Answer(status: status, summary: summary, mediaType: mediaType, schema: nil, fields: fields)
        }

        /// What shows something says how long that holds, and may be coded where nobody names it by its tag.
        fileprivate var shown: Answer {
            guard status < 400, let more = shownFields else { return self }
            return Answer(
                status: status, summary: summary, mediaType: mediaType, schema: schema, fields: fields + more)
        }

        private var shownFields: [AnswerField]? {
            let names = Set(fields.map(\.name))
            if names.contains(.cacheControl) { return nil }
            if names.contains(.eTag) { return [.noCache] }
            guard mediaType == "application/json" else { return nil }
            return [.noStore, .contentEncoding] + (names.contains(.vary) ? [] : [.varyAcceptEncoding])
        }

        static func problem(_ status: Int, _ summary: String) -> Answer {
            Answer(
                status: status, summary: summary, mediaType: Problem.mediaType, schema: "Problem",
                fields: AnswerField.ofProblem(status))
        }
    }

    /// What it does; the daemon has one handler for each.
    package let operation: Operation
    /// The method.
    package let method: HTTPRequest.Method
    /// The path with its parameters in braces: `/v1/jobs/{id}`.
    package let path: String
    /// One sentence about it.
    package let summary: String
    /// What its query may hold; anything else is a 400.
    package let query: [QueryParameter]
    /// The header fields that it looks at, for the document.
    package let fields: [HTTPField.Name]
    /// What a request carries; nil for nothing.
    package let body: Body?
    /// What it answers beside what every endpoint may answer (``generalAnswers``).
    package let answers: [Answer]
    /// Who may ask for it.
    package let admission: Admission
    /// Whether its query is let pass unread: probes of load balancers add what they like.
    package let ignoresQuery: Bool

    /// - Parameter admission: Default whoever may read; what changes something says more.
    init(
        _ operation: Operation, _ method: HTTPRequest.Method, _ path: String, _ summary: String,
        admission: Admission = .role(.viewer), query: [QueryParameter] = [], fields: [HTTPField.Name] = [],
        body: Body? = nil, answers: [Answer] = [],
        ignoresQuery: Bool = false
    ) {
        self.operation = operation
        self.method = method
        self.path = path
        self.summary = summary
        self.query = query + (answers.contains { $0.mediaType == "application/json" } ? [.pretty] : [])
        self.fields = fields
        self.body = body
        self.answers = method == .get ? answers.map(\.shown) : answers
        self.admission = admission
        self.ignoresQuery = ignoresQuery
    }

    /// The names in braces, in the path's order.
    package var pathParameters: [String] {
        path.split(separator: "/").filter { $0.first == "{" }.map { String($0.dropFirst().dropLast()) }
    }

    /// The path with its parameters filled in, each percent-encoded where it must be (RFC 3986 section 3.3).
    package func path(_ parameters: [String: String]) -> String {
        "/"
            + path.split(separator: "/").map { part in
                guard part.first == "{" else { return String(part) }
                let name = String(part.dropFirst().dropLast())
                guard let value = parameters[name] else {
                    preconditionFailure("the path \(path) needs a value for \(name)")
                }
                return PercentEncoding.encoded(value)
            }.joined(separator: "/")
    }

    /// What the contract's routes do.
    package enum Operation: String, CaseIterable, Hashable, Sendable {
        case submitJob, listJobs, getJob, changeJob, deleteJob
        case cancelJob, killJob, pauseJob, resumeJob, checkpointJob, profileJob
        case listJobEvents, readLogs, readMetrics, listCheckpoints, downloadCheckpointFile, readPredictions
        case listProfiles, downloadProfile
        case listAttempts, readTopology, drainHost, undrainHost, failHost, repairHost, readQueue, listEvents
        case listDeliveries, redeliver
        case readSpecification, readAudit
        case healthz, readyz, version, metrics, openAPI, page, pageFile
    }
}
