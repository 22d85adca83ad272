/// The words by which programs tell one problem from another (`code`): every one that this version answers. Those that HTTP
/// itself asks for have the same words wherever they come from.
package enum ProblemCode: String, CaseIterable, Hashable, Sendable {
    // What the bytes, the target or the fields of a request are.
    case badRequest = "BAD_REQUEST"
    case malformedRequest = "MALFORMED_REQUEST"
    case badFraming = "BAD_FRAMING"
    case badHost = "BAD_HOST"
    case badTarget = "BAD_TARGET"
    case badQuery = "BAD_QUERY"
    case badParameter = "BAD_PARAMETER"
    case badIdempotencyKey = "BAD_IDEMPOTENCY_KEY"
    case malformedJSON = "MALFORMED_JSON"
    case unauthenticated = "UNAUTHENTICATED"
    case forbidden = "FORBIDDEN"
    case notOwner = "NOT_OWNER"
    case foreignOrigin = "FOREIGN_ORIGIN"
    case notFound = "NOT_FOUND"
    case methodNotAllowed = "METHOD_NOT_ALLOWED"
    case notAcceptable = "NOT_ACCEPTABLE"
    case requestTimeout = "REQUEST_TIMEOUT"
    case lengthRequired = "LENGTH_REQUIRED"
    case bodyTooLarge = "BODY_TOO_LARGE"
    case uriTooLong = "URI_TOO_LONG"
    case unsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE"
    case rangeNotSatisfiable = "RANGE_NOT_SATISFIABLE"
    case expectationFailed = "EXPECTATION_FAILED"
    case misdirectedRequest = "MISDIRECTED_REQUEST"
    case rateLimited = "RATE_LIMITED"
    case fieldsTooLarge = "FIELDS_TOO_LARGE"
    case notImplemented = "NOT_IMPLEMENTED"
    case versionNotSupported = "VERSION_NOT_SUPPORTED"

    // What a job, a checkpoint or a specification is.
    case noSuchJob = "NO_SUCH_JOB"
    case noSuchFile = "NO_SUCH_FILE"
    case noSuchHost = "NO_SUCH_HOST"
    case noSuchDelivery = "NO_SUCH_DELIVERY"
    case illegalState = "ILLEGAL_STATE"
    case checkpointDamaged = "CHECKPOINT_DAMAGED"
    case badBody = "BAD_BODY"
    case invalidPatch = "INVALID_PATCH"
    case preconditionFailed = "PRECONDITION_FAILED"
    case invalidSpec = "INVALID_SPEC"
    case notSupported = "NOT_SUPPORTED"
    case cannotFit = "CANNOT_FIT"
    case tooExpensive = "TOO_EXPENSIVE"
    case checkFailed = "CHECK_FAILED"
    case cannotExport = "CANNOT_EXPORT"
    case idempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED"

    // What the daemon or its machine is.
    case queueFull = "QUEUE_FULL"
    case internalError = "INTERNAL_ERROR"
    case damagedJob = "DAMAGED_JOB"
    case overloaded = "OVERLOADED"
    case checksBusy = "CHECKS_BUSY"
    case starting = "STARTING"
    case draining = "DRAINING"
    case resources = "RESOURCES"
    case ioError = "IO_ERROR"
    case storeUnavailable = "STORE_UNAVAILABLE"
    case diskFull = "DISK_FULL"

    /// The status code that it comes with. `DISK_FULL` is 503 where `/readyz` says it.
    package var status: Int { row.status }

    /// What it means and what can be done, for the reference.
    package var meaning: String { row.meaning }

    private var row: (status: Int, meaning: String) {
        switch self {
        case .badRequest: (400, "The request is wrong in another way; `detail` says how")
        case .malformedRequest: (400, "The bytes are not an HTTP/1.1 request")
        case .badFraming: (400, "Content-Length and Transfer-Encoding can be read in two ways")
        case .badHost: (400, "Host is missing, doubled or not a host")
        case .badTarget: (400, "The request target or its percent-encoding is not allowed by RFC 3986")
        case .badQuery: (400, "A query parameter can't be decoded")
        case .badParameter:
            (400, "A query parameter is unknown, repeated or has a value that it can't have; `errors` names it")
        case .badIdempotencyKey: (400, "Idempotency-Key is not 1 to 255 visible ASCII characters, given once")
        case .malformedJSON: (400, "The body is not JSON; line and column are told")
        case .unauthenticated:
            (401, "The daemon asks for a token, and there is none, or one that it does not know or know any more")
        case .forbidden: (403, "The token's role is too low; the role that is needed is named")
        case .notOwner: (403, "The job is another's, and only an operator may ask for that; its owner is named")
        case .foreignOrigin: (403, "A page of another origin asks for something to be changed")
        case .notFound: (404, "No route has this path")
        case .methodNotAllowed: (405, "The path has no such method; Allow names those that it has")
        case .notAcceptable: (406, "The answer can't be given in a type that Accept allows")
        case .requestTimeout: (408, "The request came too slowly")
        case .lengthRequired: (411, "The route needs a body and none was announced")
        case .bodyTooLarge:
            (413, "The body, or what it becomes with every default filled in, is over a limit, which is named")
        case .uriTooLong: (414, "The request line is over its limit")
        case .unsupportedMediaType: (415, "The body is not application/json; send it with `curl --json`")
        case .rangeNotSatisfiable: (416, "The file has no byte of the range")
        case .expectationFailed: (417, "Expect asks for something other than 100-continue")
        case .misdirectedRequest: (421, "Host names a host that the daemon does not answer for; see `allowed_hosts`")
        case .rateLimited:
            (429, "A name asks more often than `requests_per_second` allows; Retry-After says when it may again")
        case .fieldsTooLarge: (431, "There are too many header fields, or too large ones")
        case .notImplemented: (501, "The server does not know this method or this transfer coding")
        case .versionNotSupported: (505, "The major version of HTTP is not 1")
        case .noSuchJob: (404, "No job has this id")
        case .noSuchFile: (404, "The job has no such checkpoint or file, or it was removed for newer ones")
        case .noSuchHost: (404, "The pod has no host of this number")
        case .noSuchDelivery: (404, "No delivery has this id; those that were settled go after a while")
        case .illegalState:
            (
                409,
                "The state of the job, or of the host, does not allow that; `current_state` and `allowed` say what is"
            )
        case .checkpointDamaged: (410, "The checkpoint's files are not what was written")
        case .badBody: (422, "The body of a verb is not an empty JSON object")
        case .invalidPatch: (422, "A change has faults, or fields that can't change; `errors` names all of them")
        case .preconditionFailed: (412, "The job has another version than If-Match names; ETag says which it has")
        case .invalidSpec: (422, "The specification has faults of several kinds; `errors` names all of them")
        case .notSupported: (422, "All that is wrong is that this version does not have it yet")
        case .cannotFit: (422, "The job needs more cores than the pod has")
        case .tooExpensive:
            (422, "The check takes more time or memory than `check_timeout_seconds` or `check_memory_bytes` allow")
        case .checkFailed: (422, "The specification ends the process that checks it; please report it")
        case .cannotExport: (422, "The model of the checkpoint can't be written as ONNX; `detail` says why")
        case .idempotencyKeyReused:
            (422, "The Idempotency-Key came before with another body or query; the job is named")
        case .queueFull:
            (
                429,
                "As many jobs wait as `queue_limit`, or `owner_queue_limit`, allows; Retry-After says when to come back"
            )
        case .internalError: (500, "The daemon failed at this request; its log says why, under `request_id`")
        case .damagedJob: (500, "What is stored of the job can't be read; restore a backup")
        case .overloaded: (503, "Too much is going on; come back later")
        case .checksBusy: (503, "Too many specifications wait to be checked; come back later")
        case .starting: (503, "The daemon is starting")
        case .draining: (503, "The daemon is about to end and takes no more jobs")
        case .resources: (503, "Descriptors, processes or memory are short; this passes")
        case .ioError: (503, "The state folder's disk fails")
        case .storeUnavailable: (503, "The daemon can't store anything at the moment")
        case .diskFull: (507, "The state folder's disk is full")
        }
    }

    /// The word of a status that nothing more is known of; nil for a status that this version does not answer.
    package init?(status: Int) {
        guard let code = Self.general.first(where: { $0.status == status }) else { return nil }
        self = code
    }

    /// The codes of statuses that nothing more is known of.
    private static let general: [ProblemCode] = [
        .badRequest, .unauthenticated, .forbidden, .notFound, .methodNotAllowed, .notAcceptable, .requestTimeout,
        .lengthRequired, .bodyTooLarge,
        .uriTooLong, .unsupportedMediaType, .rangeNotSatisfiable, .expectationFailed, .misdirectedRequest,
        .invalidSpec, .preconditionFailed, .fieldsTooLarge, .internalError, .notImplemented, .overloaded,
        .versionNotSupported, .diskFull,
    ]
}
