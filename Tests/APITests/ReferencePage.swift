import API
import Formats
import HTTPTypes
import OrderedCollections

/// The part of docs/api.md that is made from the table of endpoints, the schemas and the codes.
enum ReferencePage {
    /// What divides the page: the text above is written by hand.
    static let mark =
        "<!-- From here on the page is made from the code: TPUD_WRITE_DOCS=1 swift test --filter ReferencePageTests -->"

    /// The text below the mark.
    static var text: String {
        ([mark, "## Every route", routes] + Endpoint.all.map(section) + ["## What more than one route answers"]
            + general
            + ["## Every answer's members"] + objects + ["## Every code", codes]).joined(separator: "\n\n") + "\n"
    }

    // MARK: Routes

    private static var routes: String {
        table(
            ["Route", "What it does"],
            Endpoint.all.map { endpoint in
                ["`\(endpoint.method.rawValue) \(endpoint.path)`", endpoint.summary]
            })
    }

    private static func section(_ endpoint: Endpoint) -> String {
        var parts = [
            "### \(endpoint.method.rawValue) \(endpoint.path)", endpoint.summary + ". For \(endpoint.admission.words).",
        ]
        switch endpoint.body {
        case .json(let schema): parts.append("Body: JSON, \(link(schema)).")
        case .patch(let schema):
            parts.append(
                "Body: \(link(schema)), a JSON merge patch, as "
                    + JobPatch.mediaTypes.map { "`\($0)`" }
                    .joined(separator: " or ") + ".")
        case .emptyObject: parts.append("Body: none, or `{}` as `application/json`.")
        case nil: break
        }
        if endpoint.ignoresQuery { parts.append("The query is not read.") }
        if !endpoint.query.isEmpty {
            parts.append(
                table(
                    ["Query", "Value", "Meaning"],
                    endpoint.query.map { parameter in
                        [
                            "`\(parameter.name)`" + (parameter.repeats ? ", repeatable" : ""), value(parameter.kind),
                            parameter.summary,
                        ]
                    }))
        }
        if !endpoint.fields.isEmpty {
            parts.append(
                "Header fields: " + endpoint.fields.map { "`\($0.rawName)`" }.joined(separator: ", ") + ".")
        }
        parts.append(
            table(
                ["Status", "Body", "Header fields", "Meaning"],
                endpoint.answers.map { answer in
                    [
                        "\(answer.status)", answer.schema.map(link) ?? answer.mediaType.map { "`\($0)`" } ?? "none",
                        fields(answer.fields), answer.summary,
                    ]
                }))
        return parts.joined(separator: "\n\n")
    }

    /// The names of header fields; those that an answer may lack in parentheses.
    private static func fields(_ fields: [AnswerField]) -> String {
        fields.map { $0.isAlways ? "`\($0.name.rawName)`" : "(`\($0.name.rawName)`)" }.joined(separator: ", ")
    }

    private static var general: [String] {
        let words = """
            Beside its own answers a route gives these, each a [Problem](#problem). Header fields in parentheses are there \
            where they have something to say.
            """
        let errors = table(
            ["Status", "Routes", "Header fields", "Meaning"],
            Endpoint.generalAnswers.map { answer, routes in
                ["\(answer.status)", routes, fields(answer.fields), answer.summary]
            })
        var named: [AnswerField] = []
        for field in AnswerField.ofAll
            + (Endpoint.all.flatMap(\.answers) + Endpoint.generalAnswers.map(\.answer)).flatMap(\.fields)
        where !named.contains(where: { $0.name == field.name && $0.summary == field.summary }) {
            named.append(field)
        }
        let all = AnswerField.ofAll.map { "`\($0.name.rawName)`" }.joined(separator: " and ")
        return [
            words, errors, "Every answer has \(all). What each field says:",
            table(["Header field", "Meaning"], named.map { ["`\($0.name.rawName)`", $0.summary] }),
        ]
    }

    private static func value(_ kind: QueryParameter.Kind) -> String {
        switch kind {
        case .text: "text"
        case .flag: "`true` or `false`"
        case .option: "nothing, `true` or `false`"
        case .integer(let least, let most):
            most == 9_007_199_254_740_991
                ? "whole number from \(least)" : "whole number from \(least) to \(most)"
        case .duration: "a time, as `60s`"
        case .word(let words): words.map { "`\($0)`" }.joined(separator: ", ")
        case .label: "`name=value`"
        case .pageToken: "a `next_page_token`"
        }
    }

    // MARK: Objects

    private static var objects: [String] {
        let schemas = OpenAPIDocument.make(version: "")["components"]?["schemas"]?.object ?? [:]
        return schemas.flatMap { name, schema -> [String] in
            // Every field of a specification has its row in docs/job.md.
            if name == "JobSpec" { return ["### JobSpec\n\nEvery field is in [job.md](job.md)."] }
            if OpenAPIDocument.parts[name] != nil { return [] }
            return ["### \(name)"] + members(of: schema, path: "")
        }
    }

    /// The table of an object's members, those of the objects inside it by their path.
    private static func members(of schema: JSON, path: String) -> [String] {
        var rows: [[String]] = []
        func walk(_ schema: JSON, _ path: String) {
            for (name, member) in schema["properties"]?.object ?? [:] {
                let here = path + name
                rows.append(["`\(here)`", type(member), member["description"]?.string ?? ""])
                if let item = member["items"], item["properties"] != nil {
                    walk(item, here + "[].")
                } else {
                    walk(member, here + ".")
                }
            }
        }
        walk(schema, path)
        return [table(["Member", "Type", "Meaning"], rows)]
    }

    private static func type(_ schema: JSON) -> String {
        if let name = schema["$ref"]?.string { return link(String(name.split(separator: "/").last ?? "")) }
        if let choices = schema["oneOf"]?.array {
            return choices.map { $0["type"] == "null" ? "null" : type($0) }.joined(separator: " or ")
        }
        if let words = schema["enum"]?.array?.compactMap(\.string) {
            return words.count > 15
                ? "string, one of [the codes](#every-code)" : words.map { "`\($0)`" }.joined(separator: ", ")
        }
        if let types = schema["type"]?.array {
            return types.compactMap { $0.string.map { word($0, schema) } }.joined(separator: " or ")
        }
        return schema["type"]?.string.map { word($0, schema) } ?? "any"
    }

    private static func word(_ type: String, _ schema: JSON) -> String {
        switch type {
        case "integer": "whole number" + range(schema)
        case "number": "number" + range(schema)
        case "string": schema["format"] == "date-time" ? "time" : "string"
        case "array":
            "list"
                + (schema["items"].map { $0["properties"] == nil ? " of \(plural(Self.type($0)))" : " of objects" }
                    ?? "")
        default: type
        }
    }

    /// From which number to which one; the largest that JSON can hold is left out.
    private static func range(_ schema: JSON) -> String {
        guard let least = schema["minimum"]?.double else { return "" }
        func text(_ number: Double) -> String { number == number.rounded() ? "\(Int(number))" : "\(number)" }
        guard let most = schema["maximum"]?.double, most < 9_007_199_254_740_991 else { return " from \(text(least))" }
        return " from \(text(least)) to \(text(most))"
    }

    private static func plural(_ type: String) -> String {
        let words = ["string", "number", "whole number", "object", "list"]
        guard let word = words.first(where: { type == $0 || type.hasPrefix("\($0) from ") }) else { return type }
        return word + "s" + type.dropFirst(word.count)
    }

    // MARK: Codes

    private static var codes: String {
        table(
            ["Code", "Status", "Meaning"],
            ProblemCode.allCases.sorted { ($0.status, $0.rawValue) < ($1.status, $1.rawValue) }.map {
                ["`\($0.rawValue)`", "\($0.status)", $0.meaning]
            })
    }

    // MARK: Markdown

    private static func link(_ schema: String) -> String { "[\(schema)](#\(schema.lowercased()))" }

    private static func table(_ head: [String], _ rows: [[String]]) -> String {
        func line(_ cells: [String]) -> String {
            "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
        }
        return ([line(head), "|" + head.map { _ in "---|" }.joined()] + rows.map(line)).joined(separator: "\n")
    }
}
