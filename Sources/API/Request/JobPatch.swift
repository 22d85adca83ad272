package import Formats
import OrderedCollections

/// What a client changes about a job: a JSON merge patch (RFC 7396) of the fields that can change.
package struct JobPatch: Hashable, Sendable {
    /// The media types that it comes as.
    package static let mediaTypes = ["application/merge-patch+json", "application/json"]
    /// The fields that can change.
    package static let fields = ["priority", "labels", "max_run_seconds", "keep_checkpoint_max"]
    /// The fields that can change once the job has ended.
    package static let fieldsOfEnded = ["labels"]

    /// The new priority; nil leaves it.
    package var priority: Int?
    /// What becomes of the labels; nil leaves them.
    package var labels: Labels?
    /// The new limit of its run time in seconds, the inner nil for none; nil leaves it.
    package var maxRunSeconds: Double??
    /// How many checkpoints stay, 0 for all; nil leaves it.
    package var keepCheckpointMax: Int?

    /// A change of labels.
    package enum Labels: Hashable, Sendable {
        /// All of them go.
        case removeAll
        /// These get their values, or go where that is nil; others stay.
        case merge([String: String?])
    }

    /// Reads a patch; what is wrong with it, and fields that can't change, are collected in `faults`.
    package init(_ json: JSON, faults: SpecErrors) {
        let reader = ObjectReader(json, example: ["priority": 5], faults: faults)
        // What is removed has no value; these fields always have one.
        for name in ["priority", "keep_checkpoint_max"] where reader.members[name]?.isNull == true {
            reader.fault(name, "must be a whole number, not null")
        }
        priority = reader.int("priority", in: JobRequest.Limits.priority)
        keepCheckpointMax = reader.int("keep_checkpoint_max", in: 0...Self.mostCheckpoints)
        if let value = reader.members["max_run_seconds"] {
            let seconds = reader.double("max_run_seconds", in: .positive(upTo: JobRequest.Limits.seconds))
            if value.isNull || seconds != nil { maxRunSeconds = .some(seconds) }
        }
        if let value = reader.members["labels"] {
            labels = value.isNull ? .removeAll : Self.merge(reader)
            reader.accept("labels")
        }
        reader.finish()
    }

    /// Checkpoints that a job keeps at most, as in its specification's `run_config`.
    private static let mostCheckpoints = 1_000_000

    private static func merge(_ reader: ObjectReader) -> Labels? {
        guard let object = reader.object("labels") else { return nil }
        var changes: [String: String?] = [:]
        for (name, value) in object.members {
            if value.isNull {
                changes.updateValue(nil, forKey: name)
            } else if let value = JobRequest.label(name, value, of: object) {
                changes.updateValue(value, forKey: name)
            }
        }
        return .merge(changes)
    }

    /// The fields that it changes, in the contract's order.
    package var names: [String] {
        let isGiven = [priority != nil, labels != nil, maxRunSeconds != nil, keepCheckpointMax != nil]
        return zip(Self.fields, isGiven).filter(\.1).map(\.0)
    }

    /// The labels that a job with these has then.
    package func labels(of old: [String: String]) -> [String: String] {
        switch labels {
        case nil: return old
        case .removeAll?: return [:]
        case .merge(let changes)?:
            var labels = old
            for (name, value) in changes { labels[name] = value }
            return labels
        }
    }

    /// A specification with the same changes.
    /// - Parameter labels: All labels that the job has then.
    package func specification(changing spec: JSON, labels: [String: String]) -> JSON {
        var spec = spec
        if let priority { spec["priority"] = JSON(priority) }
        if self.labels != nil { spec["labels"] = JobView.wire(labels: labels) }
        if let maxRunSeconds { spec["max_run_seconds"] = .optional(maxRunSeconds, JobRequest.number) }
        if let keepCheckpointMax { spec["run_config"]?["keep_checkpoint_max"] = JSON(keepCheckpointMax) }
        return spec
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        let limits = JobRequest.Limits.self
        let priority = Schema.integer(limits.priority)
        // What no label can be called can be removed all the same.
        let name = Schema.pattern(1...limits.labelName, without: "=")
        let labels: JSON = [
            "type": ["object", "null"], "additionalProperties": ["type": "null"],
            "patternProperties": [name: Schema.nullable(Schema.name(0...limits.labelValue))],
        ]
        let seconds: JSON = [
            "type": ["number", "null"], "exclusiveMinimum": 0, "maximum": JSON(JobRequest.Limits.seconds),
        ]
        let count = Schema.integer(0...mostCheckpoints)
        return [
            "type": "object", "additionalProperties": false,
            "properties": [
                "priority": priority.means("Larger goes first"),
                "labels": labels.means("Labels to set; null removes one, and null for the whole removes all"),
                "max_run_seconds": seconds.means("How long its attempts may run together; null for no limit"),
                "keep_checkpoint_max": count.means("How many checkpoints stay; 0 for all"),
            ],
        ]
    }
}
