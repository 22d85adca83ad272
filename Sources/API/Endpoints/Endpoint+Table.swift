package import HTTPTypes
import Jobs

extension Endpoint {
    /// Every route of the contract, in its order.
    package static let all: [Endpoint] = jobs + verbs + reports + pod + service

    /// The route of an operation.
    package static func of(_ operation: Operation) -> Endpoint {
        guard let endpoint = byOperation[operation] else {
            preconditionFailure("the table has a row for every operation: a test looks")
        }
        return endpoint
    }

    private static let byOperation = Dictionary(uniqueKeysWithValues: all.map { ($0.operation, $0) })

    private static let jobs = [
        Endpoint(
            .submitJob, .post, "/v1/jobs", "Submit a job; it is on disk before the answer",
            query: [
                QueryParameter("dry_run", .flag, "true: validate, resolve and plan, store nothing; default false")
            ],
            fields: [.idempotencyKey], body: .json(schema: "JobSpec"),
            answers: [
                .json(201, "Job", "Stored; Location and ETag are set"),
                .json(200, "DryRun", "The answer to a dry run"), .problem(415, "The body must be application/json"),
                .problem(413, "The body is too large"),
                .problem(422, "Every fault of the specification, or an idempotency key with another body"),
                .problem(429, "The queue is full; Retry-After says when to come back"),
                .problem(503, "Starting or draining"),
            ]),
        Endpoint(
            .listJobs, .get, "/v1/jobs", "List jobs, newest first",
            query: [
                QueryParameter(
                    "state", .word(JobState.allCases.map(\.rawValue)), repeats: true, "In one of these states"),
                QueryParameter("label", .label, repeats: true, "With all of these labels, as team=vision"),
                QueryParameter("owner", .text, "Of this owner"), QueryParameter("name", .text, "Of this name"),
                QueryParameter("limit", .integer(atLeast: 1), "How many; default 50, at most 500"),
                QueryParameter("page_token", .pageToken, "Where the last page ended"),
                QueryParameter("full", .flag, "true: with the specifications; default false"),
            ],
            answers: [.json(200, "JobPage", "A page")]),
        Endpoint(
            .getJob, .get, "/v1/jobs/{id}", "Read a job, now or as soon as it changes",
            query: [
                QueryParameter("wait", .duration, "Wait so long for a change; at most 300s"),
                QueryParameter("since_version", .integer(atLeast: 0), "A change is a version above this"),
                QueryParameter("until", .word(["terminal"]), "Wait for a final state; 300s unless wait is given"),
            ],
            fields: [.ifNoneMatch],
            answers: [
                .json(200, "Job", "The job"), .other(304, nil, "It has the version that If-None-Match names"),
                .problem(404, "No such job"),
            ]),
        Endpoint(
            .changeJob, .patch, "/v1/jobs/{id}", "Change a job's priority, labels or limits", isBuilt: false),
        Endpoint(
            .deleteJob, .delete, "/v1/jobs/{id}", "Remove a finished job with its files", isBuilt: false),
    ]

    private static let verbs = [
        Endpoint(
            .cancelJob, .post, "/v1/jobs/{id}/cancel", "End a job; a running one writes a last checkpoint",
            body: .emptyObject,
            answers: [
                .json(202, "Job", "It is being cancelled"), .json(200, "Job", "It is so already"),
                .problem(404, "No such job"),
                .problem(409, "Its state does not allow that; current_state and allowed say what is"),
                .problem(415, "There is a body and it is not application/json"),
                .problem(422, "The body has a member, and there is none that this version knows"),
            ]),
        Endpoint(.killJob, .post, "/v1/jobs/{id}/kill", "End a job at once", body: .emptyObject, isBuilt: false),
        Endpoint(.pauseJob, .post, "/v1/jobs/{id}/pause", "Put a job aside", body: .emptyObject, isBuilt: false),
        Endpoint(
            .resumeJob, .post, "/v1/jobs/{id}/resume", "Let a job that is held be started again", body: .emptyObject,
            answers: [
                .json(202, "Job", "It waits for its start"), .json(200, "Job", "It is so already"),
                .problem(404, "No such job"),
                .problem(409, "Its state does not allow that; current_state and allowed say what is"),
            ]),
        Endpoint(
            .checkpointJob, .post, "/v1/jobs/{id}/checkpoint", "Write a checkpoint and go on", body: .emptyObject,
            isBuilt: false),
    ]

    private static let reports = [
        Endpoint(
            .listJobEvents, .get, "/v1/jobs/{id}/events", "What happened to a job, oldest first", query: events,
            fields: [.accept, .lastEventID],
            answers: [
                .json(200, "EventList", "A page of its events"),
                .other(
                    200, ServerSentEvent.mediaType,
                    "Where Accept prefers it: its events as they come, then `end` with a StreamEnd"),
                .problem(400, "Last-Event-ID or a query parameter is wrong"), .problem(404, "No such job"),
                .problem(406, "Accept allows neither application/json nor text/event-stream"),
            ]),
        Endpoint(
            .readLogs, .get, "/v1/jobs/{id}/logs", "A job's log",
            query: [
                QueryParameter("tail", .integer(atLeast: 0), "Only the last so many lines"),
                QueryParameter("since_offset", .integer(atLeast: 0), "Only what follows this many bytes"),
                QueryParameter("follow", .flag, "true: go on until the job ends; default false"),
            ],
            answers: [.other(200, "text/plain", "The log"), .problem(404, "No such job")]),
        Endpoint(
            .readMetrics, .get, "/v1/jobs/{id}/metrics", "A job's step series",
            query: [
                QueryParameter("name", .text, repeats: true, "Only the series of this name"),
                QueryParameter("from_step", .integer(atLeast: 0), "Only points from this step on"),
                QueryParameter("max_points", .integer(atLeast: 1), "At most so many points of each series"),
            ],
            answers: [.json(200, "Metrics", "The series"), .problem(404, "No such job")]),
        Endpoint(
            .listCheckpoints, .get, "/v1/jobs/{id}/checkpoints", "A job's checkpoints, newest first",
            answers: [.json(200, "CheckpointList", "The checkpoints"), .problem(404, "No such job")]),
        Endpoint(
            .downloadCheckpointFile, .get, "/v1/jobs/{id}/checkpoints/{step}/{file}", "Download a checkpoint's file",
            fields: [.range],
            answers: [
                .other(200, "application/octet-stream", "The file"),
                .other(206, "application/octet-stream", "The range asked for"),
                .problem(404, "No such job, checkpoint or file"),
                .problem(416, "The file has no such range"),
            ]),
        Endpoint(
            .readPredictions, .get, "/v1/jobs/{id}/predictions", "Predictions, a line an example", isBuilt: false),
        Endpoint(
            .listAttempts, .get, "/v1/jobs/{id}/attempts", "Every attempt of a job with its outcome",
            answers: [.json(200, "AttemptList", "The attempts"), .problem(404, "No such job")]),
    ]

    private static let events = [
        QueryParameter("after_seq", .integer(atLeast: 0), "Only events after this one"),
        QueryParameter(
            "tail", .integer(atLeast: 0, atMost: EventSelection.largestLimit), "Only the last so many, and what follows"
        ),
        QueryParameter("limit", .integer(atLeast: 1), "How many a page has; default 1000, at most 10000"),
    ]

    private static let pod = [
        Endpoint(
            .readTopology, .get, "/v1/topology", "The pod, its hosts and cores, and who holds them",
            answers: [.json(200, "Topology", "The pod")]),
        Endpoint(
            .drainHost, .post, "/v1/hosts/{n}/drain", "Let a host take no more jobs", body: .emptyObject, isBuilt: false
        ),
        Endpoint(
            .undrainHost, .post, "/v1/hosts/{n}/undrain", "Let a host take jobs again", body: .emptyObject,
            isBuilt: false),
        Endpoint(
            .failHost, .post, "/v1/hosts/{n}/fail", "Take a host away from what runs there", body: .emptyObject,
            isBuilt: false),
        Endpoint(
            .repairHost, .post, "/v1/hosts/{n}/repair", "Bring a failed host back", body: .emptyObject, isBuilt: false),
        Endpoint(
            .readQueue, .get, "/v1/queue", "The jobs that wait, in the order in which they will start",
            query: [
                QueryParameter("limit", .integer(atLeast: 1), "How many; default 50, at most 500"),
                QueryParameter("page_token", .pageToken, "Where the last page ended"),
            ],
            answers: [.json(200, "Queue", "The queue")]),
        Endpoint(
            .listEvents, .get, "/v1/events", "What happened to every job, oldest first", query: events,
            fields: [.accept, .lastEventID],
            answers: [
                .json(200, "EventList", "A page of the events"),
                .other(200, ServerSentEvent.mediaType, "Where Accept prefers it: the events as they come, without end"),
                .problem(400, "Last-Event-ID or a query parameter is wrong"),
                .problem(406, "Accept allows neither application/json nor text/event-stream"),
            ]),
    ]

    private static let service = [
        Endpoint(
            .healthz, .get, "/healthz", "Whether the daemon lives", answers: [.other(200, "text/plain", "It does")],
            ignoresQuery: true),
        Endpoint(
            .readyz, .get, "/readyz", "Whether the daemon takes jobs",
            answers: [.other(200, "text/plain", "It does"), .problem(503, "It is starting or draining")],
            ignoresQuery: true),
        Endpoint(
            .version, .get, "/version", "Which build this is", answers: [.json(200, "Version", "The build")]),
        Endpoint(
            .metrics, .get, "/metrics", "Figures in Prometheus' text format",
            answers: [.other(200, "text/plain", "The figures")]),
        Endpoint(
            .openAPI, .get, "/openapi.json", "This document",
            answers: [.other(200, "application/json", "An OpenAPI 3.1 document")]),
        Endpoint(.dashboard, .get, "/", "A page for people", isBuilt: false),
    ]
}

extension HTTPField.Name {
    /// `Idempotency-Key`: the same key with the same body gets the first answer again.
    package static let idempotencyKey = HTTPField.Name(known: "Idempotency-Key")
    /// `Idempotency-Replayed: true` on an answer that was given before.
    package static let idempotencyReplayed = HTTPField.Name(known: "Idempotency-Replayed")

    init(known name: String) {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is a field name") }
        self = field
    }
}
