package import Formats
package import OrderedCollections

/// An error as it crosses the wire: RFC 9457, `application/problem+json`, with this contract's members.
package struct Problem: Error, WireValue, Hashable {
    /// One fault of a request.
    package struct Fault: Hashable, Sendable {
        /// Where in the body, if it is in the body.
        package var pointer: JSONPointer?
        /// Which query parameter, if it is one.
        package var parameter: String?
        /// What is wrong.
        package var detail: String
        /// A word for programs, as NOT_SUPPORTED.
        package var code: String?

        /// Makes a fault; what is not given is nil.
        package init(pointer: JSONPointer? = nil, parameter: String? = nil, detail: String, code: String? = nil) {
            self.pointer = pointer
            self.parameter = parameter
            self.detail = detail
            self.code = code
        }
    }

    /// The media type.
    package static let mediaType = "application/problem+json"

    /// The status code.
    package var status: Int
    /// A word for programs, upper-case.
    package var code: String
    /// What the status means, the same for every problem of that status.
    package var title: String
    /// What is wrong here.
    package var detail: String
    /// The path that was asked for; nil where there is none.
    package var instance: String?
    /// The request's id; nil where there is none.
    package var requestID: String?
    /// The faults of the request, all of them.
    package var errors: [Fault]
    /// Further members, as `current_state` and `allowed`.
    package var extra: OrderedDictionary<String, JSON>

    /// Makes a problem.
    ///
    /// - Parameters:
    ///   - status: The status code; it gives the title.
    ///   - code: A word for programs; nil for the status' own.
    ///   - detail: What is wrong here.
    ///   - errors: The faults; default none.
    ///   - extra: Further members; default none.
    package init(
        _ status: Int, code: String? = nil, detail: String, errors: [Fault] = [],
        extra: OrderedDictionary<String, JSON> = [:]
    ) {
        self.status = status
        self.code = code ?? ProblemCode(status: status)?.rawValue ?? "ERROR"
        title = Self.titles[status] ?? "Error"
        self.detail = detail
        self.errors = errors
        self.extra = extra
    }

    /// Makes a problem of a known kind, with its status.
    ///
    /// - Parameters:
    ///   - detail: What is wrong here.
    ///   - errors: The faults; default none.
    ///   - extra: Further members; default none.
    package init(
        _ code: ProblemCode, detail: String, errors: [Fault] = [], extra: OrderedDictionary<String, JSON> = [:]
    ) {
        self.init(code.status, code: code.rawValue, detail: detail, errors: errors, extra: extra)
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(
            try wire.required("status").int(), code: try wire.optional("code")?.string(),
            detail: try wire.optional("detail")?.string() ?? "")
        title = try wire.optional("title")?.string() ?? title
        instance = try wire.optional("instance")?.string()
        requestID = try wire.optional("request_id")?.string()
        for fault in try wire.optional("errors")?.elements() ?? [] {
            errors.append(
                Fault(
                    pointer: try fault.optional("pointer")?.string().asPointer,
                    parameter: try fault.optional("parameter")?.string(),
                    detail: try fault.required("detail").string(), code: try fault.optional("code")?.string()))
        }
        for (name, value) in wire.json.object ?? [:] where !Self.known.contains(name) { extra[name] = value }
    }

    /// The JSON form.
    package var wire: JSON {
        var members: OrderedDictionary<String, JSON> = [
            "type": "about:blank", "title": .string(title), "status": JSON(status), "detail": .string(detail),
        ]
        if let instance { members["instance"] = .string(instance) }
        members["code"] = .string(code)
        if let requestID { members["request_id"] = .string(requestID) }
        for (name, value) in extra { members[name] = value }
        if !errors.isEmpty {
            members["errors"] = .array(
                errors.map { fault in
                    var entry: OrderedDictionary<String, JSON> = [:]
                    if let pointer = fault.pointer { entry["pointer"] = .string(pointer.description) }
                    if let parameter = fault.parameter { entry["parameter"] = .string(parameter) }
                    entry["detail"] = .string(fault.detail)
                    if let code = fault.code { entry["code"] = .string(code) }
                    return .object(entry)
                })
        }
        return .object(members)
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        let fault: JSON = [
            "type": "object", "required": ["detail"],
            "properties": [
                "pointer": Schema.string.means("Where in the body: a JSON pointer (RFC 6901)"),
                "parameter": Schema.string.means("The query parameter"),
                "detail": Schema.string.means("What is wrong, what was expected, and what to write"),
                "code": Schema.string.means("A word for programs, such as NOT_SUPPORTED"),
            ],
        ]
        return [
            "type": "object", "required": ["type", "title", "status", "detail", "code"],
            "properties": [
                "type": Schema.string.means("Always about:blank: the code tells problems apart"),
                "title": Schema.string.means("What the status means"),
                "status": Schema.integer(400...599).means("The status code"),
                "detail": Schema.string.means("What is wrong here, and the way out"),
                "instance": Schema.string.means("The path that was asked for, or the request"),
                "code": Schema.words(ProblemCode.allCases.map(\.rawValue)).means("A word for programs"),
                "request_id": Schema.string.means("The request's id, which the daemon's log has, too"),
                "errors": Schema.list(of: fault).means("Every fault of the request"),
                "current_state": Schema.string.means("With ILLEGAL_STATE: the job's state, or the host's"),
                "allowed": Schema.list(of: Schema.string).means("With ILLEGAL_STATE: the verbs that it allows"),
            ],
        ]
    }

    private static let known: Set<String> = [
        "type", "title", "status", "detail", "instance", "code", "request_id", "errors",
    ]
}

// MARK: The problems that more than one place has

extension Problem {
    /// All faults of a job specification, or the first ones and how many more there are: 422. The code is NOT_SUPPORTED
    /// where every fault names what this version does not do yet, and that of the fault where there is one.
    package init(faults: [SpecError], more: Int = 0) {
        let codes = Set(faults.map(\.code))
        self.init(
            422, code: more == 0 && codes.count == 1 ? codes.first.flatMap(\.self) : nil,
            detail: Self.words("The job specification", faults, more: more),
            errors: faults.map { Fault(pointer: $0.pointer, detail: $0.detail, code: $0.code) })
    }

    /// All faults of a change, or the first ones and how many more there are: 422.
    package init(patchFaults faults: [SpecError], more: Int = 0) {
        self.init(
            .invalidPatch, detail: Self.words("The change", faults, more: more),
            errors: faults.map { Fault(pointer: $0.pointer, detail: $0.detail, code: $0.code) })
    }

    private static func words(_ what: String, _ faults: [SpecError], more: Int) -> String {
        let count = faults.count + more
        return count == 1 && faults.count == 1
            ? "\(what) has a fault: \(faults[0].pointer) \(faults[0].detail)"
            : "\(what) has \(count) faults" + (more > 0 ? ": these \(faults.count) and \(more) more" : "")
    }

    /// A body that is not JSON: 400 with line and column; 422 when it is past a limit, which is named.
    package init(_ error: JSONError) {
        switch error.code {
        case .tooDeep, .tooManyValues: self.init(.invalidSpec, detail: "The body is past a limit: \(error)")
        case .tooLarge: self.init(.bodyTooLarge, detail: "The body is past a limit: \(error)")
        default: self.init(.malformedJSON, detail: "The body is not JSON: \(error)")
        }
    }

    /// A query parameter that is not known or can't have its value: 400.
    package init(_ error: APIError) {
        let parameter: String? =
            switch error {
            case .unknownParameter(let name, _), .malformedParameter(let name, _): name
            case .unexpected: nil
            }
        self.init(
            parameter == nil ? .badRequest : .badParameter, detail: error.description,
            errors: parameter.map { [Fault(parameter: $0, detail: error.description)] } ?? [])
    }

    /// What the title of each status is: RFC 9110 section 15's phrases.
    package static let titles: [Int: String] = [
        400: "Bad Request",
        401: "Unauthorized",
        403: "Forbidden",
        404: "Not Found",
        405: "Method Not Allowed",
        406: "Not Acceptable",
        408: "Request Timeout",
        409: "Conflict",
        410: "Gone",
        411: "Length Required",
        412: "Precondition Failed",
        413: "Content Too Large",
        414: "URI Too Long",
        415: "Unsupported Media Type",
        416: "Range Not Satisfiable",
        417: "Expectation Failed",
        421: "Misdirected Request",
        422: "Unprocessable Content",
        429: "Too Many Requests",
        431: "Request Header Fields Too Large",
        500: "Internal Server Error",
        501: "Not Implemented",
        503: "Service Unavailable",
        505: "HTTP Version Not Supported",
        507: "Insufficient Storage",
    ]
}

extension String {
    /// This as a JSON pointer; the whole document when it is none.
    fileprivate var asPointer: JSONPointer { JSONPointer(self) ?? .root }
}
