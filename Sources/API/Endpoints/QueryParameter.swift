import Formats
import Jobs

/// A query parameter of an endpoint.
package struct QueryParameter: Hashable, Sendable {
    /// What its value must be.
    package enum Kind: Hashable, Sendable {
        /// Any text but the empty one.
        case text
        /// `true` or `false`.
        case flag
        /// The bare name, `true` or `false`.
        case option
        /// A whole number in these limits; the upper one is 2^53 - 1, what every JSON reader has exactly, unless another
        /// is said.
        case integer(atLeast: Int, atMost: Int = Kind.largest)
        /// A length of time, as `60s`.
        case duration
        /// One of these words.
        case word([String])
        /// A name and a value with `=` between: `team=vision`.
        case label
        /// A page token that this server gave out.
        case pageToken

        /// The largest whole number that every JSON reader has exactly: 2^53 - 1.
        package static let largest = 9_007_199_254_740_991
    }

    /// Its name.
    package let name: String
    /// What its value must be.
    package let kind: Kind
    /// Whether it may be given more than once.
    package let repeats: Bool
    /// What it does, for the document.
    package let summary: String

    /// Makes a parameter; it may be given once unless `repeats`.
    package init(_ name: String, _ kind: Kind, repeats: Bool = false, _ summary: String) {
        self.name = name
        self.kind = kind
        self.repeats = repeats
        self.summary = summary
    }

    /// `?pretty`, which every route has that answers JSON.
    package static let pretty = QueryParameter(
        "pretty", .option, "Indents the answer, for people; errors are indented, too")

    /// How often a parameter that repeats may be given.
    package static let mostRepeats = 64

    /// What is wrong with a value; nil when nothing is.
    fileprivate func fault(in value: String) -> String? {
        switch kind {
        case .text: value.isEmpty ? "must not be empty" : nil
        case .flag: ["true", "false"].contains(value) ? nil : "must be true or false"
        case .option: ["", "true", "false"].contains(value) ? nil : "must be given alone, or be true or false"
        case .integer(let least, let most):
            StrictInteger.parse(value).map { (least...most).contains($0) } ?? false
                ? nil : "must be a whole number from \(least) to \(most), in digits without leading zeros"
        case .duration: WaitDuration.seconds(value) == nil ? "must be a length of time, as 60s" : nil
        case .word(let words): words.contains(value) ? nil : "must be \(words.inWords)"
        case .label: value.first != "=" && value.contains("=") ? nil : "must be a label's name, \"=\" and its value"
        case .pageToken: JobID(value) == nil ? "must be a next_page_token of an earlier answer" : nil
        }
    }

    /// The schema of its value.
    var schema: JSON {
        switch kind {
        case .text: ["type": "string", "pattern": .string("^[^\(Schema.controls)]+$")]
        case .label:
            [
                "type": "string", "pattern": .string("^[^=\(Schema.controls)]+=[^\(Schema.controls)]*$"),
                "examples": ["team=vision"],
            ]
        case .pageToken: ["type": "string", "pattern": "^[0-7][0-9a-hjkmnp-tv-z]{25}$"]
        case .flag: Schema.boolean
        case .option: Schema.words(["", "true", "false"])
        case .integer(let least, let most):
            ["type": "integer", "minimum": JSON(least), "maximum": JSON(most)]
        case .duration:
            [
                "type": "string", "examples": ["60s"],
                // Digits and point are at most 18.
                "pattern": #"^(?=[0-9.]{1,18}(ms|s|m|h)?$)[0-9]+(\.[0-9]+)?(ms|s|m|h)?$"#,
            ]
        case .word(let words): Schema.words(words)
        }
    }
}

/// The checked query of one request.
package struct QueryValues: Hashable, Sendable {
    private let values: [String: [String]]

    /// Checks a decoded query against what an endpoint declares.
    ///
    /// - Throws: `APIError.unknownParameter` and `malformedParameter`, for the first fault.
    package init(_ query: [(name: String, value: String)], of parameters: [QueryParameter]) throws(APIError) {
        var values: [String: [String]] = [:]
        for (name, value) in query {
            guard let parameter = parameters.first(where: { $0.name == name }) else {
                throw .unknownParameter(name, nearest: NearestName.of(name, among: parameters.map(\.name)))
            }
            if let fault = parameter.fault(in: value) { throw .malformedParameter(name, detail: fault) }
            if values[name] != nil && !parameter.repeats {
                throw .malformedParameter(name, detail: "may be given only once")
            }
            guard values[name]?.count ?? 0 < QueryParameter.mostRepeats else {
                throw .malformedParameter(name, detail: "may be given at most \(QueryParameter.mostRepeats) times")
            }
            values[name, default: []].append(value)
        }
        self.values = values
    }

    /// The text; nil when it is not given.
    package func text(_ name: String) -> String? { values[name]?.first }

    /// Every text of a parameter that repeats.
    package func texts(_ name: String) -> [String] { values[name] ?? [] }

    /// Whether a flag or an option is given and not false.
    package func flag(_ name: String) -> Bool { text(name).map { $0 != "false" } ?? false }

    /// The whole number; nil when it is not given.
    package func integer(_ name: String) -> Int? { text(name).flatMap { StrictInteger.parse($0) } }

    /// The seconds; nil when it is not given.
    package func seconds(_ name: String) -> Double? { text(name).flatMap(WaitDuration.seconds) }

    /// The labels of a parameter that repeats.
    package func labels(_ name: String) -> [(name: String, value: String)] {
        texts(name).compactMap { text in
            guard let mark = text.firstIndex(of: "=") else { return nil }
            return (String(text[..<mark]), String(text[text.index(after: mark)...]))
        }
    }
}
