import API
import Formats
import HTTPTypes
import Jobs
import OrderedCollections
import Testing

@Suite struct OpenAPIDocumentTests {
    @Test func theDocumentShowsWhatIsBuiltAndNothingElse() throws {
        let document = OpenAPIDocument.make(version: "1.2.3")
        #expect(document["openapi"]?.string == "3.1.0")
        let paths = try #require(document["paths"]?.object)
        var shown: Set<String> = []
        for (path, item) in paths {
            for method in try #require(item.object).keys { shown.insert("\(method.uppercased()) \(path)") }
        }
        #expect(shown == Set(Endpoint.all.map { "\($0.method.rawValue) \($0.path)" }))
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

    /// A path's parameters are required, a body is as strict as the endpoint says, and every operation has a way to fail.
    @Test func everyOperationSaysWhatItTakesAndAnswers() throws {
        let document = OpenAPIDocument.make(version: "1")
        for endpoint in Endpoint.all {
            let method = endpoint.method.rawValue.lowercased()
            let operation = try #require(document["paths"]?[endpoint.path]?[method])
            #expect(operation["operationId"]?.string == endpoint.operation.rawValue)
            let parameters = operation["parameters"]?.array ?? []
            func names(_ place: String) -> [String] {
                parameters.filter { $0["in"]?.string == place }.compactMap { $0["name"]?.string }
            }
            #expect(names("path") == endpoint.pathParameters)
            #expect(names("query") == endpoint.query.map(\.name))
            #expect(parameters.allSatisfy { $0["in"]?.string != "path" || $0["required"]?.bool == true })
            let required = operation["requestBody"]?["required"]?.bool
            switch endpoint.body {
            case .json, .patch: #expect(required == true, "\(endpoint.path)")
            case .emptyObject: #expect(required == false, "\(endpoint.path)")
            case nil: #expect(operation["requestBody"] == nil, "\(endpoint.path)")
            }
            let responses = try #require(operation["responses"]?.object)
            // Every status is there by its number: nothing is left to guess.
            #expect(responses["default"] == nil)
            let refusals: Set = ["401", "403", "429"]
            let isOpen = endpoint.admission == .everybody
            #expect(refusals.isDisjoint(with: responses.keys) == isOpen, "\(endpoint.path)")
            let general = ["400", "408", "413", "414", "417", "421", "431", "500", "501", "503", "505"]
            #expect(Set(responses.keys).isSuperset(of: general), "\(endpoint.path)")
            #expect(
                Set(responses.keys)
                    == Set((endpoint.answers + endpoint.generalAnswers).map { "\($0.status)" }), "\(endpoint.path)")
            #expect(responses.keys.contains("411") == (required == true), "\(endpoint.path)")
            #expect(responses.keys.contains("415") == (endpoint.body != nil), "\(endpoint.path)")
            #expect(responses.keys.contains("507") == (endpoint.method != .get), "\(endpoint.path)")
            #expect(operation["security"]?.array?.first?["token"] == (isOpen ? nil : []), "\(endpoint.path)")
        }
    }

    /// Each answer has the fields of all answers, an error those of its status, and each says whether it is always there.
    @Test func everyAnswerSaysWhichFieldsItHas() throws {
        let document = OpenAPIDocument.make(version: "1")
        var count = 0
        for endpoint in Endpoint.all {
            let method = endpoint.method.rawValue.lowercased()
            let responses = try #require(document["paths"]?[endpoint.path]?[method]?["responses"]?.object)
            for (status, answer) in responses {
                var answer = answer
                if let reference = answer["$ref"]?.string {
                    let pointer = try #require(JSONPointer(String(reference.dropFirst())))
                    answer = try #require(document[pointer], "\(reference)")
                }
                let fields = try #require(answer["headers"]?.object, "\(endpoint.path) \(status)")
                for (name, field) in fields {
                    #expect(
                        field["required"]?.bool != nil && field["schema"] != nil, "\(endpoint.path) \(status) \(name)")
                    #expect(field["description"]?.string?.isEmpty == false, "\(endpoint.path) \(status) \(name)")
                    count += 1
                }
                #expect(fields["X-Request-Id"]?["required"] == true, "\(endpoint.path) \(status)")
                let needed = ["401": "WWW-Authenticate", "429": "Retry-After", "503": "Retry-After", "412": "ETag"]
                if let name = needed[status] {
                    #expect(fields[name]?["required"] == true, "\(endpoint.path) \(status)")
                }
            }
        }
        #expect(count > 1000)
    }

    /// What an answer may hold, wherever it is told: no whole number can be any, and each says what is the least.
    @Test func everyWholeNumberOfAnAnswerHasALeast() throws {
        let document = OpenAPIDocument.make(version: "1")
        var (seen, missing): (Set<String>, [String]) = ([], [])
        var count = 0
        func walk(_ schema: JSON, _ path: String) throws {
            if let reference = schema["$ref"]?.string {
                guard seen.insert(reference).inserted else { return }
                let pointer = try #require(JSONPointer(String(reference.dropFirst())))
                return try walk(try #require(document[pointer], "\(reference)"), reference)
            }
            let types = (schema["type"]?.array ?? [schema["type"] ?? .null]).compactMap(\.string)
            if types.contains("integer"), schema["const"] == nil, schema["enum"] == nil {
                count += 1
                let least = schema["minimum"]?.int ?? schema["exclusiveMinimum"]?.int
                if least == nil { missing.append(path) }
                if let least, let most = schema["maximum"]?.int, least > most { missing.append("\(path): \(least)") }
            }
            for (name, child) in schema.object ?? [:] { try walk(child, "\(path)/\(name)") }
            for (index, child) in (schema.array ?? []).enumerated() { try walk(child, "\(path)/\(index)") }
        }
        for (path, item) in try #require(document["paths"]?.object) {
            for (method, operation) in item.object ?? [:] {
                try walk(operation["responses"] ?? .null, "\(method) \(path)")
            }
        }
        try walk(try #require(document["webhooks"]?["jobState"]?["post"]?["requestBody"]), "jobState")
        #expect(count > 40 && missing.isEmpty, "\(missing)")
    }

    @Test func theSpecificationHasTheContractsFields() throws {
        let spec = try #require(OpenAPIDocument.make(version: "1")["components"]?["schemas"]?["JobSpec"])
        let names = try #require(spec["properties"]?.object).keys
        #expect(Set(names) == Set(JobRequest.serviceFields + JobRequest.trainingFields))
        #expect(spec["additionalProperties"]?.bool == false)
        #expect(spec["anyOf"] == [["required": ["model"]], ["required": ["program"]]])
        let modes = spec["properties"]?["mode"]?["enum"]?.array?.compactMap(\.string)
        #expect(modes == JobMode.allCases.map(\.rawValue))
    }
}
