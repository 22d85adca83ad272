package import HTTPTypes
import Jobs

extension Endpoint {
    /// Every route of the contract, in its order.
    package static let all: [Endpoint] = jobs + verbs + reports + pod + webhooks + service

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
            admission: .role(.submitter),
            query: [
                QueryParameter("dry_run", .flag, "true: validate, resolve and plan, store nothing; default false")
            ],
            fields: [.idempotencyKey], body: .json(schema: "JobSpec"),
            answers: [
                .json(201, "Job", "Stored", .location, .version, .idempotencyReplayed),
                .json(200, "DryRun", "The answer to a dry run"),
                .problem(400, "The body is not JSON, or Idempotency-Key is malformed"),
                .problem(413, "The body, or the specification with every default filled in, is too large"),
                .problem(415, "The body must be application/json"),
                .problem(422, "Every fault of the specification, or an idempotency key with another body"),
                .problem(429, "The queue is full; Retry-After says when to come back"),
                .problem(503, "Starting or draining, or too many specifications are being checked"),
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
                .json(200, "Job", "The job", .version),
                .other(304, nil, "It has the version that If-None-Match names", .version),
                .problem(404, "No such job"),
            ]),
        Endpoint(
            .readSpecification, .get, "/v1/jobs/{id}/spec",
            "A job's specification with every default filled in, as it could be submitted again",
            fields: [.ifNoneMatch],
            answers: [
                .json(200, "JobSpec", "The specification", .version),
                .other(304, nil, "The job has the version that If-None-Match names", .version),
                .problem(404, "No such job"),
            ]),
        Endpoint(
            .changeJob, .patch, "/v1/jobs/{id}", "Change a job's priority, labels or limits",
            admission: .owner, fields: [.ifMatch, .idempotencyKey], body: .patch(schema: "JobPatch"),
            answers: [
                .json(
                    200, "Job", "The job as it is now; where nothing differs its version stays", .version,
                    .idempotencyReplayed),
                .problem(400, "The body is not JSON, or Idempotency-Key is malformed"), .problem(404, "No such job"),
                .problem(409, "It has ended: only its labels can change"),
                .problem(411, "The body is missing"),
                .problem(413, "The body is larger than a change ever is"),
                .problem(412, "It has another version than If-Match names; ETag says which"),
                .problem(415, "The body is neither application/merge-patch+json nor application/json"),
                .problem(422, "Every fault of the change, or an idempotency key with another body"),
            ]),
        Endpoint(
            .deleteJob, .delete, "/v1/jobs/{id}", "Remove a finished job: its record, its files and its log",
            admission: .owner, fields: [.ifMatch],
            answers: [
                .other(204, nil, "It is gone"), .problem(404, "No such job"),
                .problem(409, "It has not ended; current_state and allowed say what can be done"),
                .problem(412, "It has another version than If-Match names; ETag says which"),
            ]),
    ]

    private static let verbs = [
        verb(
            .cancelJob, "cancel", "End a job; a running one writes a last checkpoint", done: "It is being cancelled"),
        verb(.killJob, "kill", "End a job at once, without a last checkpoint", done: "It is being ended"),
        verb(
            .pauseJob, "pause", "Put a job aside: a running one writes a checkpoint and gives its cores back",
            done: "It is being paused"),
        verb(
            .resumeJob, "resume", "Let a job that is paused or held be started again, from its newest checkpoint",
            done: "It waits for its start"),
        verb(
            .checkpointJob, "checkpoint", "Write a checkpoint at the end of the present device loop, and go on",
            done: "Its worker was asked"),
        Endpoint(
            .profileJob, .post, "/v1/jobs/{id}/profile", "Trace the next steps of a job that trains",
            admission: .owner,
            query: [
                QueryParameter(
                    "steps", .integer(atLeast: 1, atMost: 1000),
                    "How many; default 10. An attempt that ends before has fewer")
            ], fields: [.idempotencyKey, .ifMatch], body: .emptyObject,
            answers: [
                .json(202, "Job", "Its worker was asked", .version, .idempotencyReplayed),
                .problem(400, "The body is not JSON, steps is not 1 to 1000, or Idempotency-Key is malformed"),
                .problem(404, "No such job"),
                .problem(409, "It is not RUNNING, or does not train; current_state and allowed say what can be done"),
                .problem(412, "It has another version than If-Match names; ETag says which"),
                .problem(413, "The body is too large: a verb needs none"),
                .problem(415, "There is a body and it is not application/json"),
                .problem(
                    422,
                    "The body has a member, and there is none, or an idempotency key with another body or other steps"),
            ]),
    ]

    /// The route of a verb that the owner of a job may ask for.
    private static func verb(_ operation: Operation, _ name: String, _ summary: String, done: String) -> Endpoint {
        Endpoint(
            operation, .post, "/v1/jobs/{id}/\(name)", summary, admission: .owner, fields: [.idempotencyKey, .ifMatch],
            body: .emptyObject,
            answers: [
                .json(202, "Job", done, .version, .idempotencyReplayed),
                .json(200, "Job", "It is so already", .version, .idempotencyReplayed),
                .problem(400, "The body is not JSON, or Idempotency-Key is malformed"), .problem(404, "No such job"),
                .problem(409, "Its state does not allow that; current_state and allowed say what is"),
                .problem(412, "It has another version than If-Match names; ETag says which"),
                .problem(413, "The body is too large: a verb needs none"),
                .problem(415, "There is a body and it is not application/json"),
                .problem(422, "The body has a member, and there is none, or an idempotency key with another body"),
            ])
    }

    /// The route of a verb that an operator may ask of a host.
    private static func verb(
        _ operation: Operation, host name: String, _ summary: String, done: String
    ) -> Endpoint {
        Endpoint(
            operation, .post, "/v1/hosts/{n}/\(name)", summary, admission: .role(.operator), fields: [.idempotencyKey],
            body: .emptyObject,
            answers: [
                .json(202, "Host", done, .idempotencyReplayed),
                .json(200, "Host", "It is so already", .idempotencyReplayed),
                .problem(400, "The body is not JSON, or Idempotency-Key is malformed"), .problem(404, "No such host"),
                .problem(409, "Its state does not allow that; current_state and allowed say what is"),
                .problem(413, "The body is too large: a verb needs none"),
                .problem(415, "There is a body and it is not application/json"),
                .problem(422, "The body has a member, and there is none, or an idempotency key with another body"),
            ])
    }

    private static let reports = [
        Endpoint(
            .listJobEvents, .get, "/v1/jobs/{id}/events", "What happened to a job, oldest first", query: events,
            fields: [.accept, .lastEventID],
            answers: [
                .json(200, "EventList", "A page of its events", .varyAccept),
                .other(
                    200, ServerSentEvent.mediaType,
                    "Where Accept prefers it: its events as they come, then `end` with a StreamEnd", .varyAccept,
                    .noStore, .unbuffered),
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
            answers: [.other(200, "text/plain", "The log", .noStore), .problem(404, "No such job")]),
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
            .downloadCheckpointFile, .get, "/v1/jobs/{id}/checkpoints/{step}/{file}",
            "Download a checkpoint's file; model.onnx is made on demand",
            fields: download,
            answers: file("application/octet-stream", "application/json") + [
                .problem(404, "No such job, checkpoint or file"),
                .problem(410, "The checkpoint's files are not what was written"),
                .problem(422, "This checkpoint's model.onnx can't be made; detail says why"),
                .problem(503, "Too many files are open, or too many models wait to be exported"),
            ]),
        Endpoint(
            .readPredictions, .get, "/v1/jobs/{id}/predictions",
            "Predictions, a line of JSON for each row of the input, in its order",
            fields: download,
            answers: file("application/x-ndjson") + [
                .problem(
                    404, "No such job, or one that has none: it does not predict, or ended before they were written"),
                .problem(409, "They are not written yet; current_state says how far the job is"),
            ]),
        Endpoint(
            .listProfiles, .get, "/v1/jobs/{id}/profiles", "A job's profiles, newest first; the last 20 are kept",
            answers: [.json(200, "ProfileList", "The profiles"), .problem(404, "No such job")]),
        Endpoint(
            .downloadProfile, .get, "/v1/jobs/{id}/profiles/{n}",
            "Download a profile: trace events in Chrome's format, which Perfetto opens", fields: download,
            answers: file("application/json") + [.problem(404, "No such job or profile")]),
        Endpoint(
            .listAttempts, .get, "/v1/jobs/{id}/attempts", "Every attempt of a job with its outcome",
            answers: [.json(200, "AttemptList", "The attempts"), .problem(404, "No such job")]),
    ]

    /// The fields that a download looks at.
    private static let download: [HTTPField.Name] = [.range, .ifRange, .ifNoneMatch]

    /// What a download is answered: a file of one of these types, whole or a range of it.
    private static func file(_ types: String...) -> [Endpoint.Answer] {
        types.map { .other(200, $0, "The file", .tag, .acceptRanges) }
            + types.map { .other(206, $0, "The range asked for", .tag, .acceptRanges, .contentRange) }
            + [
                .other(304, nil, "If-None-Match names it", .tag), .problem(416, "The file has no byte of the range"),
            ]
    }

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
        verb(
            .drainHost, host: "drain", "Let a host take no more jobs; what runs there goes on",
            done: "It takes no more jobs, also after a restart of the daemon"),
        verb(.undrainHost, host: "undrain", "Let a host that drains take jobs again", done: "It takes jobs again"),
        verb(
            .failHost, host: "fail",
            "Take a host away from what runs there: each job goes on elsewhere, from its newest checkpoint",
            done: "It is gone, and attempts that ran there end as HOST_FAILED"),
        verb(.repairHost, host: "repair", "Bring a failed host back", done: "It takes jobs again"),
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
                .json(200, "EventList", "A page of the events", .varyAccept),
                .other(
                    200, ServerSentEvent.mediaType, "Where Accept prefers it: the events as they come, without end",
                    .varyAccept, .noStore, .unbuffered),
                .problem(400, "Last-Event-ID or a query parameter is wrong"),
                .problem(406, "Accept allows neither application/json nor text/event-stream"),
            ]),
    ]

    private static let webhooks = [
        Endpoint(
            .listDeliveries, .get, "/v1/webhooks/deliveries",
            "What was sent, and is to be sent, to webhooks, newest first",
            query: [
                QueryParameter(
                    "state", .word(DeliveryState.allCases.map(\.rawValue)), repeats: true, "In one of these states"),
                QueryParameter("job_id", .text, "Of this job"),
                QueryParameter("limit", .integer(atLeast: 1), "How many; default 50, at most 500"),
                QueryParameter("page_token", .integer(atLeast: 1), "The next_page_token of the last page"),
            ],
            answers: [.json(200, "DeliveryPage", "A page")]),
        Endpoint(
            .redeliver, .post, "/v1/webhooks/deliveries/{id}/redeliver",
            "Send a delivery again, now and then as often as a new one", admission: .owner, fields: [.idempotencyKey],
            body: .emptyObject,
            answers: [
                .json(202, "Delivery", "It is to be sent", .idempotencyReplayed),
                .problem(400, "The body is not JSON, or Idempotency-Key is malformed"),
                .problem(404, "No such delivery, or one that was delivered long ago"),
                .problem(413, "The body is too large: a verb needs none"),
                .problem(415, "There is a body and it is not application/json"),
                .problem(422, "The body has a member, and there is none, or an idempotency key with another body"),
            ]),
    ]

    private static let service = [
        Endpoint(
            .readAudit, .get, "/v1/audit", "Who has asked what of which job, host or delivery, newest first",
            admission: .role(.admin),
            query: [
                QueryParameter("job_id", .text, "Of this job"),
                QueryParameter("principal", .text, "Asked for by this one"),
                QueryParameter("limit", .integer(atLeast: 1), "How many; default 50, at most 500"),
                QueryParameter("page_token", .integer(atLeast: 1), "The next_page_token of the last page"),
            ],
            answers: [.json(200, "AuditPage", "A page")]),
        Endpoint(
            .healthz, .get, "/healthz", "Whether the daemon lives", admission: .everybody,
            answers: [.other(200, "text/plain", "It does")],
            ignoresQuery: true),
        Endpoint(
            .readyz, .get, "/readyz", "Whether the daemon takes jobs", admission: .everybody,
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
        Endpoint(
            .page, .get, "/", "A page for people", admission: .everybody, fields: [.acceptEncoding, .ifNoneMatch],
            answers: page("text/html")),
        Endpoint(
            .pageFile, .get, "/page/{version}/{file}", "A file that the page needs",
            admission: .everybody,
            fields: [.acceptEncoding, .ifNoneMatch],
            answers: page("text/javascript", "text/css", "image/svg+xml") + [
                .problem(404, "The page of this version has no such file")
            ]),
    ]

    /// What a file of the page is answered as: it in one of these types.
    private static func page(_ types: String...) -> [Endpoint.Answer] {
        types.map { .other(200, $0, "The file", AnswerField.page + [.contentEncoding]) }
            + [.other(304, nil, "If-None-Match names it", AnswerField.page)]
    }
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
