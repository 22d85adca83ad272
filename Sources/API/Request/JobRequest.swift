package import Formats
package import Jobs
package import OrderedCollections

/// The service's part of a job specification: what the daemon itself looks at (contract section 4). The training part
/// is read by another target from the same object.
package struct JobRequest: Hashable, Sendable {
    /// Its name; default "job".
    package var name: String
    /// Its labels; default none.
    package var labels: [String: String]
    /// Its priority, larger first; default 0.
    package var priority: Int
    /// How often it may be tried again.
    package var retry: RetryPolicy
    /// How long it may run in all, in seconds; nil, the default, for no limit.
    package var maxRunSeconds: Double?
    /// How long it may wait for its first start, in seconds; nil, the default, for no limit.
    package var startDeadlineSeconds: Double?
    /// Whether it may be stopped to make room; default true.
    package var preemptible: Bool
    /// Whom its states are told to; default nobody.
    package var webhooks: [Webhook]

    /// The limits of what a specification may hold (contract section 2).
    package enum Limits {
        /// Bytes of a body.
        package static let body = 32 << 20
        /// Characters of a name.
        package static let name = 200
        /// Labels of a job.
        package static let labels = 64
        /// Characters of a label's name.
        package static let labelName = 63
        /// Characters of a label's value.
        package static let labelValue = 256
        /// Arrays and objects inside one another.
        package static let nesting = 200
        /// The priorities that a job may have.
        package static let priority = -1_000_000...1_000_000
        /// Seconds of a time: ten years.
        package static let seconds = 315_360_000.0
        /// Attempts of a job.
        package static let attempts = 1000
        /// Seconds of the first pause between two attempts: a day.
        package static let backoff = 86_400.0
        /// Webhooks of a job.
        package static let webhooks = 8
    }

    /// The fields that this type reads.
    package static let serviceFields = [
        "name", "labels", "priority", "retry", "max_run_seconds", "start_deadline_seconds", "preemptible", "webhooks",
    ]

    /// The other fields of the contract's section 4: the training part.
    package static let trainingFields = [
        "mode", "use_tpu", "train_batch_size", "eval_batch_size", "predict_batch_size", "batch_axis", "params",
        "tpu_config", "run_config", "program", "model", "dtype_policy", "loss", "optimizer", "cross_shard_optimizer",
        "cross_shard_reduction",
        "metrics", "weighted_metrics", "loss_weights", "train", "evaluate", "early_stopping", "predict",
        "warm_start_from",
        "continue_from",
    ]

    /// The training part's field of the model.
    package static let modelField = "model"
    /// The training part's field of the program, in place of a model.
    package static let programField = "program"

    /// Reads the service's fields of a specification; faults, and fields that the contract does not have, are
    /// collected in `faults`, and a field with a fault has its default here.
    package init(spec: JSON, faults: SpecErrors) {
        let reader = ObjectReader(spec, faults: faults)
        name = Self.name(reader)
        labels = Self.labels(reader)
        priority = reader.int("priority", default: 0, in: Limits.priority)
        retry = RetryPolicy()
        if let object = reader.object("retry") {
            retry.maxAttempts = object.int("max_attempts", default: retry.maxAttempts, in: 1...Limits.attempts)
            retry.backoffSeconds = object.double(
                "backoff_seconds", default: retry.backoffSeconds, in: .from(0, to: Limits.backoff))
            object.finish()
        }
        maxRunSeconds = reader.double("max_run_seconds", in: Self.times)
        startDeadlineSeconds = reader.double("start_deadline_seconds", in: Self.times)
        preemptible = reader.bool("preemptible", default: true)
        webhooks = Self.webhooks(reader)
        reader.accept(Self.trainingFields)
        reader.finish()
    }

    /// The fields with every default filled in, in the contract's order.
    package var canonical: OrderedDictionary<String, JSON> {
        [
            "name": .string(name), "labels": JobView.wire(labels: labels), "priority": JSON(priority),
            "retry": ["max_attempts": JSON(retry.maxAttempts), "backoff_seconds": Self.number(retry.backoffSeconds)],
            "max_run_seconds": .optional(maxRunSeconds, Self.number),
            "start_deadline_seconds": .optional(startDeadlineSeconds, Self.number), "preemptible": JSON(preemptible),
            "webhooks": .array(
                webhooks.map { ["url": .string($0.url.text), "on": JSON($0.states.map(\.rawValue))] }),
        ]
    }

    private static let times = NumberRange.positive(upTo: Limits.seconds)

    /// A whole number without a fraction, any other as it is.
    static func number(_ value: Double) -> JSON {
        Int(exactly: value).map { JSON($0) } ?? JSON(value)
    }

    private static func name(_ reader: ObjectReader) -> String {
        let name = reader.string("name", default: "job", maxLength: Limits.name)
        if name.isEmpty { reader.fault("name", "must not be empty") }
        return name
    }

    private static func labels(_ reader: ObjectReader) -> [String: String] {
        guard let object = reader.object("labels") else { return [:] }
        if object.members.count > Limits.labels {
            reader.fault("labels", "must have at most \(Limits.labels) labels, not \(object.members.count)")
            return [:]
        }
        var labels: [String: String] = [:]
        for (name, value) in object.members {
            if let value = label(name, value, of: object) { labels[name] = value }
        }
        return labels
    }

    private static func webhooks(_ reader: ObjectReader) -> [Webhook] {
        let list = reader.list("webhooks", count: 0...Limits.webhooks) ?? []
        return list.compactMap { value, pointer in
            let object = ObjectReader(
                value, at: pointer, example: ["url": "https://hooks.example/tpud", "on": ["SUCCEEDED", "FAILED"]],
                faults: reader.faults)
            let url = object.string("url", required: true)
            let states = states(object, "on")
            object.finish()
            guard let url, let states else { return nil }
            do throws(WebhookURL.Fault) {
                return Webhook(url: try WebhookURL(url), states: states)
            } catch {
                object.fault("url", error.detail)
                return nil
            }
        }
    }

    /// The states of a list, at least one; the final ones where there is none. Nil where one is not a state.
    private static func states(_ object: ObjectReader, _ name: String) -> [JobState]? {
        guard object.has(name) else { return Webhook.standard }
        guard let words = object.strings(name, count: 1...JobState.allCases.count) else { return nil }
        let states = words.enumerated().compactMap { index, word in
            let state = JobState(rawValue: word)
            if state == nil {
                object.faults.addUnknown(
                    word, "a state of a job", among: JobState.allCases.map(\.rawValue),
                    at: object.pointer(to: name).appending(index))
            }
            return state
        }
        return states.count == words.count ? states : nil
    }

    /// A label's value; a name or a value that no label can have is a fault.
    static func label(_ name: String, _ value: JSON, of object: ObjectReader) -> String? {
        let count = name.unicodeScalars.count
        if !(1...Limits.labelName ~= count) {
            object.fault(name, "must have a name of 1 to \(Limits.labelName) characters, not \(count)")
        } else if name.contains("=") {
            object.fault(name, "must have a name without \"=\"")
        } else if let hidden = HiddenCharacter(in: name) {
            object.fault(name, "must have a name that does not hold \(hidden)")
        } else {
            return object.element(value, at: object.pointer(to: name), maxLength: Limits.labelValue)
        }
        return nil
    }
}
