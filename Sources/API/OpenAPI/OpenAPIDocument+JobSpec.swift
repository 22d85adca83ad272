import Formats
import Jobs
import OrderedCollections

extension OpenAPIDocument {
    /// The specification of a job.
    static var jobSpec: JSON {
        var properties: OrderedDictionary<String, JSON> = [:]
        for (name, schema) in serviceFields { properties[name] = schema }
        for name in JobRequest.trainingFields { properties[name] = trainingField(name) }
        return [
            "type": "object", "required": ["mode"],
            "anyOf": [
                ["required": [.string(JobRequest.modelField)]], ["required": [.string(JobRequest.programField)]],
            ],
            "properties": .object(properties), "additionalProperties": false,
        ]
    }

    /// A field that is null counts as not given, so that each but what is required may be null.
    private static var serviceFields: KeyValuePairs<String, JSON> {
        let limits = JobRequest.Limits.self
        let name = Schema.name(1...limits.name).or(default: "job")
        let priority = Schema.integer(limits.priority).or(default: 0)
        let seconds: JSON = [
            "type": ["number", "null"], "exclusiveMinimum": 0, "maximum": JSON(limits.seconds), "default": .null,
        ]
        let preemptible = Schema.boolean.or(default: true)
        return [
            "name": name.means("What the job is called; not unique"), "labels": labels.means("Its labels"),
            "priority": priority.means("Larger goes first"), "retry": retry.means("How often it may be tried again"),
            "max_run_seconds": seconds.means("How long its attempts may run together; null for no limit"),
            "start_deadline_seconds": seconds.means("How long it may wait for its first start; null for no limit"),
            "preemptible": preemptible.means("Whether it may be stopped to make room"),
            "webhooks": webhooks.means("Whom the job's states are told to"),
        ]
    }

    private static var labels: JSON {
        let limits = JobRequest.Limits.self
        return [
            "type": ["object", "null"], "maxProperties": JSON(limits.labels),
            "propertyNames": Schema.name(1...limits.labelName, without: "="),
            "additionalProperties": Schema.name(0...limits.labelValue),
        ]
    }

    private static var retry: JSON {
        let attempts = Schema.integer(1...JobRequest.Limits.attempts).or(default: 4)
        let backoff: JSON = [
            "type": ["number", "null"], "minimum": 0, "maximum": JSON(JobRequest.Limits.backoff), "default": 5,
        ]
        return [
            "type": ["object", "null"], "additionalProperties": false,
            "properties": [
                "max_attempts": attempts.means("Attempts that may end with an outcome that counts"),
                "backoff_seconds": backoff.means("Seconds between the end of such an attempt and the next"),
            ],
        ]
    }

    private static var webhooks: JSON {
        let url: JSON = [
            "type": "string", "format": "uri", "maxLength": JSON(WebhookURL.longest),
            "pattern": "^[hH][tT][tT][pP][sS]?://[!-~]+$",
        ]
        let states: JSON = [
            "type": ["array", "null"], "minItems": 1, "maxItems": JSON(JobState.allCases.count),
            "items": Schema.words(of: JobState.self), "default": JSON(Webhook.standard.map(\.rawValue)),
        ]
        let webhook: JSON = [
            "type": "object", "required": ["url"], "additionalProperties": false,
            "properties": [
                "url": url.means("Where it is sent: http or https, without a user or a password"),
                "on": states.means("The states whose coming is told; the final ones unless given"),
            ],
        ]
        return ["type": ["array", "null"], "maxItems": JSON(JobRequest.Limits.webhooks), "items": webhook]
    }

    /// A training field as its reader asks for it, but for those whose forms are written here.
    private static func trainingField(_ name: String) -> JSON {
        let schema = written[name] ?? TrainingFields.all["sections"]?["Job"]?["properties"]?[name] ?? [:]
        return schema.means(FieldMeanings.of(name, owners: ["Job"]) ?? "")
    }

    /// Of several outputs each may have its own: one for all, a list in their order, or an object by their names. What the operator
    /// calls programs is the operator's.
    private static let written: [String: JSON] = {
        let null: JSON = ["type": "null"]
        func each(_ one: JSON) -> [JSON] {
            [Schema.list(of: one), ["type": "object", "additionalProperties": one], null]
        }
        let loss: JSON = ["anyOf": [Schema.reference("Loss"), null]]
        let several: JSON = ["type": "array", "maxItems": 1000, "items": Schema.reference("Metric")]
        let metric: JSON = ["anyOf": [Schema.reference("Metric"), several, null]]
        return [
            "model": Schema.reference("Model"), "loss": ["anyOf": .array([Schema.reference("Loss")] + each(loss))],
            "metrics": ["anyOf": .array(each(metric))], "weighted_metrics": ["anyOf": .array(each(metric))],
            "loss_weights": ["anyOf": .array(each(["type": ["number", "null"]]))],
            JobRequest.programField: [
                "type": ["object", "null"], "required": ["name"], "additionalProperties": false,
                "properties": ["name": Schema.string.means("What the operator calls it")],
            ],
        ]
    }()
}
