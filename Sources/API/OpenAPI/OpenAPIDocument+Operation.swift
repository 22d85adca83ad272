import Formats
import HTTPTypes
import OrderedCollections

extension OpenAPIDocument {
    /// One route: what it takes, and every status that it answers.
    static func operation(_ endpoint: Endpoint) -> JSON {
        var members: OrderedDictionary<String, JSON> = [
            "operationId": .string(endpoint.operation.rawValue), "summary": .string(endpoint.summary),
            "description": .string("For \(endpoint.admission.words)."),
        ]
        let parameters = parameters(of: endpoint)
        if !parameters.isEmpty { members["parameters"] = .array(parameters) }
        members["requestBody"] = requestBody(of: endpoint)
        // Or without one, where the daemon has none.
        members["security"] = endpoint.admission.least == nil ? [] : [["token": []], [:]]
        members["responses"] = .object(responses(of: endpoint))
        return .object(members)
    }

    // MARK: What it takes

    private static func parameters(of endpoint: Endpoint) -> [JSON] {
        let path = endpoint.pathParameters.map { name -> JSON in
            let (schema, meaning) = pathParameter(name, of: endpoint)
            return [
                "name": .string(name), "in": "path", "required": true, "schema": schema,
                "description": .string(meaning),
            ]
        }
        let query = endpoint.query.map { parameter -> JSON in
            var schema = parameter.schema
            if parameter.repeats {
                schema = Schema.list(of: schema)
                schema["maxItems"] = JSON(QueryParameter.mostRepeats)
            }
            return [
                "name": .string(parameter.name), "in": "query", "description": .string(parameter.summary),
                "schema": schema,
            ]
        }
        let fields = endpoint.fields.compactMap { name -> JSON? in
            // OpenAPI passes over a parameter of the name Accept: the answers' types say what it may be.
            guard name != .accept else { return nil }
            let (schema, meaning) = requestField(name)
            return [
                "name": .string(name.rawName), "in": "header", "schema": schema, "description": .string(meaning),
            ]
        }
        return path + query + fields
    }

    private static func pathParameter(_ name: String, of endpoint: Endpoint) -> (JSON, String) {
        let number = QueryParameter.Kind.largest
        switch name {
        case "id" where endpoint.path.hasPrefix("/v1/jobs/"):
            return (["type": "string", "pattern": "^[0-9A-Za-z]{26}$"], "The job's id, in small letters or large ones")
        case "id": return (segment, "The delivery's id")
        case "n" where endpoint.path.hasPrefix("/v1/hosts/"):
            return (["type": "integer", "minimum": 0, "maximum": JSON(number)], "The host's number, from 0")
        case "n": return (["type": "integer", "minimum": 1, "maximum": JSON(number)], "The profile's number, from 1")
        case "step": return (["type": "integer", "minimum": 0, "maximum": JSON(number)], "The checkpoint's step")
        case "file": return (segment, "The file's name")
        default: return (segment, "The page's version")
        }
    }

    /// A part of a path that no file system would misread: without slash, backslash and control characters, not a dot or two.
    private static let segment: JSON = [
        "type": "string", "pattern": .string(#"^(?!\.{1,2}$)[^/\\"# + Schema.controls + "]+$"),
    ]

    private static func requestField(_ name: HTTPField.Name) -> (JSON, String) {
        switch name {
        case .idempotencyKey:
            (
                ["type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"],
                "The same key with the same body gets the first answer again"
            )
        case .ifMatch: (Schema.string, "The version, as ETag has it, that the job must have: else 412")
        case .ifNoneMatch: (Schema.string, "What is known already, as ETag has it: 304 where it is the same")
        case .range: (["type": "string", "examples": ["bytes=0-1023"]], "One range of bytes; any other is passed over")
        case .ifRange: (Schema.string, "The ETag of what is there already: the whole file where it is another one")
        case .lastEventID: (Schema.string, "The seq of the last event that a stream has given")
        case .acceptEncoding: (Schema.string, "gzip is taken")
        default: (Schema.string, "")
        }
    }

    private static func requestBody(of endpoint: Endpoint) -> JSON? {
        switch endpoint.body {
        case .json(let schema):
            ["required": true, "content": ["application/json": ["schema": Schema.reference(schema)]]]
        case .patch(let schema):
            [
                "required": true,
                "content": .object(
                    OrderedDictionary(
                        uniqueKeysWithValues: JobPatch.mediaTypes.map { ($0, ["schema": Schema.reference(schema)]) })),
            ]
        case .emptyObject:
            [
                "required": false,
                "content": ["application/json": ["schema": ["type": "object", "maxProperties": 0]]],
            ]
        case nil: nil
        }
    }

    // MARK: What it answers

    /// Every status: the route's own answers in full, with what any route means by that status; else a reference to that.
    private static func responses(of endpoint: Endpoint) -> OrderedDictionary<String, JSON> {
        let general = Dictionary(uniqueKeysWithValues: endpoint.generalAnswers.map { ($0.status, $0) })
        let own = OrderedDictionary(grouping: endpoint.answers, by: \.status)
        var responses: OrderedDictionary<String, JSON> = [:]
        for status in Set(own.keys).union(general.keys).sorted() {
            responses[String(status)] =
                if let answers = own[status] {
                    response(answers + [general[status]].compactMap(\.self))
                } else {
                    ["$ref": .string("#/components/responses/\(name(ofStatus: status))")]
                }
        }
        return responses
    }

    /// The errors that any route may answer, by the names of their statuses.
    static let generalResponses = OrderedDictionary(
        uniqueKeysWithValues: Endpoint.generalAnswers.map { (name(ofStatus: $0.answer.status), response([$0.answer])) })

    /// What a status is called, without blanks: `BadRequest`.
    private static func name(ofStatus status: Int) -> String {
        (Problem.titles[status] ?? "Status\(status)").filter(\.isLetter)
    }

    /// The answers of one status, which differ in their types.
    private static func response(_ answers: [Endpoint.Answer]) -> JSON {
        var members: OrderedDictionary<String, JSON> = [
            "description": .string(answers.map(\.summary).uniqued.joined(separator: ". "))
        ]
        var fields: OrderedDictionary<String, JSON> = [:]
        for field in answers.flatMap(\.fields) + AnswerField.ofAll {
            fields[field.name.rawName] = [
                "description": .string(field.summary), "required": JSON(field.isAlways), "schema": field.schema,
            ]
        }
        members["headers"] = .object(fields)
        var content: OrderedDictionary<String, JSON> = [:]
        for answer in answers {
            guard let mediaType = answer.mediaType else { continue }
            content[mediaType] = answer.schema.map { ["schema": Schema.reference($0)] } ?? [:]
        }
        if !content.isEmpty { members["content"] = .object(content) }
        return .object(members)
    }
}

extension [String] {
    /// Each of them once, in the order of their first.
    fileprivate var uniqued: [String] { Array(OrderedSet(self)) }
}
