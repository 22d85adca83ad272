package import Formats
package import HTTPTypes

/// A header field of answers, for the document: its name, what it says, and whether each such answer has it.
package struct AnswerField: Hashable, Sendable {
    /// Its name.
    package let name: HTTPField.Name
    /// What it says.
    package let summary: String
    /// The schema of its value.
    package let schema: JSON
    /// Whether every answer of the status has it.
    package let isAlways: Bool

    private init(_ name: HTTPField.Name, _ summary: String, schema: JSON = Schema.string, isAlways: Bool = true) {
        self.name = name
        self.summary = summary
        self.schema = schema
        self.isAlways = isAlways
    }

    private init(named name: String, _ summary: String, schema: JSON = Schema.string, isAlways: Bool = true) {
        self.init(HTTPField.Name(known: name), summary, schema: schema, isAlways: isAlways)
    }

    /// The same, which answers of the status may lack.
    var sometimes: AnswerField { AnswerField(name, summary, schema: schema, isAlways: false) }

    /// The same with other words.
    func saying(_ summary: String) -> AnswerField { AnswerField(name, summary, schema: schema, isAlways: isAlways) }

    /// What every answer has.
    package static let ofAll = [
        AnswerField(
            named: "X-Request-Id", "The request's id, which the daemon's logs and the audit trail have, too",
            schema: ["type": "string", "pattern": "^[0-9a-f]{8}-[0-9a-f]{16}$"]),
        AnswerField(.server, "tpud and its version"),
        AnswerField(
            named: "Server-Timing",
            "total;dur= and the milliseconds from the request to the beginning of the answer, where something had to be waited for",
            schema: ["type": "string", "pattern": #"^total;dur=[0-9]+\.[0-9]{3}$"#], isAlways: false),
    ]

    // MARK: Of jobs

    static let location = AnswerField(
        .location, "The job's path",
        schema: ["type": "string", "format": "uri-reference", "pattern": "^/v1/jobs/[0-9a-z]{26}$"])
    /// The entity tag of a job is its version.
    static let version = AnswerField(
        .eTag, "The job's version between quotes, for If-None-Match and If-Match",
        schema: ["type": "string", "pattern": #"^"[1-9][0-9]*"$"#])
    static let idempotencyReplayed = AnswerField(
        .idempotencyReplayed, "true on an answer that the same Idempotency-Key was given before",
        schema: Schema.words(["true"]), isAlways: false)

    // MARK: Of files and streams

    static let tag = AnswerField(
        .eTag, "Names the contents, for If-None-Match and If-Range",
        schema: ["type": "string", "pattern": #"^"[!-~]+"$"#]
    )
    static let acceptRanges = AnswerField(
        .acceptRanges, "bytes: the file may be asked for in ranges", schema: Schema.words(["bytes"]))
    static let contentRange = AnswerField(
        .contentRange, "Which bytes of how many these are",
        schema: ["type": "string", "pattern": "^bytes [0-9]+-[0-9]+/[0-9]+$"])
    static let noStore = AnswerField(
        .cacheControl, "no-store: it is another one at once", schema: Schema.words(["no-store"]))
    static let noCache = AnswerField(
        .cacheControl, "no-cache: it may be kept, to be asked for with If-None-Match each time",
        schema: Schema.words(["no-cache"]))
    static let varyAccept = AnswerField(
        .vary, "Accept: the type depends on it; and Accept-Encoding where its coding does",
        schema: Schema.words(["Accept", "Accept, Accept-Encoding"]))
    static let varyAcceptEncoding = AnswerField(
        .vary, "Accept-Encoding, where its coding depends on it", schema: Schema.words(["Accept-Encoding"]),
        isAlways: false)
    static let unbuffered = AnswerField(
        .accelBuffering, "no, on a stream: proxies are not to keep it back", schema: Schema.words(["no"]),
        isAlways: false)

    /// Of the page and its files: how long they are kept, and what browsers may do with them.
    static let page = [
        tag, AnswerField(.cacheControl, "How long a browser may keep it"),
        AnswerField(.vary, "Accept-Encoding: its coding depends on it", schema: Schema.words(["Accept-Encoding"])),
        AnswerField(.contentSecurityPolicy, "What the page may load and run: its own files"),
        AnswerField(.xContentTypeOptions, "The type is what Content-Type says", schema: Schema.words(["nosniff"])),
        AnswerField(named: "Referrer-Policy", "The page tells nobody its address"),
        AnswerField(named: "Cross-Origin-Opener-Policy", "No page of another origin holds its window"),
        AnswerField(named: "Cross-Origin-Resource-Policy", "No page of another origin embeds it"),
    ]
    static let contentEncoding = AnswerField(
        .contentEncoding, "gzip, where Accept-Encoding takes it", schema: Schema.words(["gzip"]), isAlways: false)

    // MARK: Of errors

    /// The fields that an error of this status has beside those of all answers.
    static func ofProblem(_ status: Int) -> [AnswerField] {
        switch status {
        case 401:
            [AnswerField(.wwwAuthenticate, "Bearer, and what was wrong with the token (RFC 6750)")]
        case 403:
            [
                AnswerField(
                    .wwwAuthenticate, "Bearer and insufficient_scope, where the token's role is too low",
                    isAlways: false)
            ]
        case 412: [version.saying("The version that the job has")]
        case 415:
            [
                AnswerField(.accept, "The types that a body may have", isAlways: false),
                AnswerField(.acceptEncoding, "identity, where the body has a content coding", isAlways: false),
            ]
        case 416:
            [
                AnswerField(
                    .contentRange, "How many bytes the file has",
                    schema: ["type": "string", "pattern": #"^bytes \*/[0-9]+$"#])
            ]
        case 429, 503:
            [
                AnswerField(
                    .retryAfter, "Seconds after which it is worth asking again",
                    schema: Schema.integer(0...))
            ]
        default: []
        }
    }
}
