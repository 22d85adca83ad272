package import Formats
import OrderedCollections

/// A list under one name: `{"jobs":[…]}`, `{"attempts":[…]}`, and so on.
package protocol WireList: WireValue {
    /// What it lists.
    associatedtype Element: WireValue
    /// The member's name.
    static var name: String { get }
    /// The elements.
    var elements: [Element] { get }
    /// A list of these.
    init(_ elements: [Element])
}

extension WireList {
    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(try wire.required(Self.name).list())
    }

    /// The JSON form.
    package var wire: JSON { .object([Self.name: .array(elements.map(\.wire))]) }

    /// The schema of the JSON form.
    package static var schema: JSON {
        [
            "type": "object", "required": [.string(name)],
            "properties": .object([name: Schema.list(of: Element.schema).means("All of them")]),
        ]
    }
}

/// Every attempt of a job (`GET /v1/jobs/{id}/attempts`), oldest first.
package struct AttemptList: WireList, Hashable {
    /// `attempts`.
    package static let name = "attempts"
    /// The attempts.
    package var elements: [AttemptView]
    /// A list of these.
    package init(_ elements: [AttemptView]) { self.elements = elements }
}

/// The checkpoints of a job (`GET /v1/jobs/{id}/checkpoints`), newest first.
package struct CheckpointList: WireList, Hashable {
    /// `checkpoints`.
    package static let name = "checkpoints"
    /// The checkpoints.
    package var elements: [CheckpointView]
    /// A list of these.
    package init(_ elements: [CheckpointView]) { self.elements = elements }
}

/// The profiles of a job (`GET /v1/jobs/{id}/profiles`), newest first.
package struct ProfileList: WireList, Hashable {
    /// `profiles`.
    package static let name = "profiles"
    /// The profiles.
    package var elements: [ProfileView]
    /// A list of these.
    package init(_ elements: [ProfileView]) { self.elements = elements }
}

/// A page of events (`GET /v1/jobs/{id}/events`), oldest first.
package struct EventList: WireValue, Hashable {
    /// The events.
    package var events: [EventView]
    /// What to give as `after_seq` for the next page; nil when this is the last.
    package var nextSeq: Int?

    /// Makes a page; the last one unless a number is given.
    package init(_ events: [EventView], nextSeq: Int? = nil) {
        self.events = events
        self.nextSeq = nextSeq
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(try wire.required("events").list(), nextSeq: try wire.optional("next_seq")?.int())
    }

    /// The JSON form.
    package var wire: JSON {
        ["events": .array(events.map(\.wire)), "next_seq": .optional(nextSeq) { JSON($0) }]
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        Schema.object([
            "events": Schema.list(of: EventView.schema).means("The events, oldest first"),
            "next_seq": Schema.nullable(Schema.integer(1...)).means("after_seq of the next page; null on the last one"),
        ])
    }
}

/// A page of the jobs that wait (`GET /v1/queue`), in the order in which they will start.
package struct QueueView: WireValue, Hashable {
    /// The jobs.
    package var jobs: [QueuedJobView]
    /// What to ask for the next page with; nil when this is the last.
    package var nextPageToken: String?

    /// Makes a page; the last one unless a token is given.
    package init(_ jobs: [QueuedJobView], nextPageToken: String? = nil) {
        self.jobs = jobs
        self.nextPageToken = nextPageToken
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(
            try wire.required("jobs").list(), nextPageToken: try wire.optional("next_page_token")?.string())
    }

    /// The JSON form.
    package var wire: JSON {
        ["jobs": .array(jobs.map(\.wire)), "next_page_token": .optional(nextPageToken, JSON.string)]
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        Schema.object([
            "jobs": Schema.list(of: QueuedJobView.schema).means("The jobs that wait, in the order of their start"),
            "next_page_token": Schema.nullable(Schema.string).means(
                "page_token of the next page; null on the last one"),
        ])
    }
}

/// A page of jobs (`GET /v1/jobs`), newest first.
package struct JobPage: WireValue, Hashable {
    /// The jobs.
    package var jobs: [JobView]
    /// What to ask for the next page with; nil when this is the last.
    package var nextPageToken: String?

    /// Makes a page; the last one unless a token is given.
    package init(jobs: [JobView], nextPageToken: String? = nil) {
        self.jobs = jobs
        self.nextPageToken = nextPageToken
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(
            jobs: try wire.required("jobs").list(), nextPageToken: try wire.optional("next_page_token")?.string())
    }

    /// The JSON form.
    package var wire: JSON {
        ["jobs": .array(jobs.map(\.wire)), "next_page_token": .optional(nextPageToken, JSON.string)]
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        Schema.object([
            "jobs": Schema.list(of: Schema.reference("Job")).means("The jobs, newest first"),
            "next_page_token": Schema.nullable(Schema.string).means(
                "page_token of the next page; null on the last one"),
        ])
    }
}

/// Step series of a job by name (`GET /v1/jobs/{id}/metrics`).
package struct MetricsView: WireValue, Hashable {
    /// One point: the step, the value (nil when it is not finite), and seconds since 1970.
    package struct Point: Hashable, Sendable {
        /// The global step.
        package var step: Int
        /// The value.
        package var value: Double?
        /// When, in seconds since 1970.
        package var unixSeconds: Double

        /// Makes a point.
        package init(step: Int, value: Double?, unixSeconds: Double) {
            self.step = step
            self.value = value
            self.unixSeconds = unixSeconds
        }
    }

    /// The series.
    package var series: [String: [Point]]

    /// Makes the view.
    package init(series: [String: [Point]]) {
        self.series = series
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        series = [:]
        let all = try wire.required("series")
        guard let members = all.json.object else { throw all.unexpected("is not an object") }
        for name in members.keys {
            var points: [Point] = []
            for point in try all.optional(name)?.elements() ?? [] {
                let parts = try point.elements()
                guard parts.count == 3 else { throw point.unexpected("is not a list of step, value and time") }
                let value = parts[1].json.isNull ? nil : try parts[1].double()
                points.append(Point(step: try parts[0].int(), value: value, unixSeconds: try parts[2].double()))
            }
            series[name] = points
        }
    }

    /// The JSON form.
    package var wire: JSON {
        var members: OrderedDictionary<String, JSON> = [:]
        for (name, points) in series.sorted(by: { $0.key < $1.key }) {
            members[name] = .array(
                points.map { [JSON($0.step), .optional($0.value) { JSON($0) }, JSON($0.unixSeconds)] })
        }
        return ["series": .object(members)]
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        let point: JSON = [
            "type": "array", "minItems": 3, "maxItems": 3, "items": Schema.nullable(Schema.number),
        ]
        let series: JSON = ["type": "object", "additionalProperties": Schema.list(of: point)]
        return Schema.object([
            "series": series.means(
                "By name, points of [step, value, seconds since 1970]; a value that is not finite is null")
        ])
    }
}
