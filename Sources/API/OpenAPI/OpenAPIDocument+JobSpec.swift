import Formats
import Jobs
import OrderedCollections

extension OpenAPIDocument {
    /// The specification of a job: the service's fields in full, the training fields by name and meaning. docs/job.md has
    /// every field of these.
    static var jobSpec: JSON {
        var properties: OrderedDictionary<String, JSON> = [:]
        for (name, schema) in serviceFields { properties[name] = schema }
        for name in JobRequest.trainingFields { properties[name] = trainingField(name) }
        return [
            "type": "object", "required": ["mode", "model"], "properties": .object(properties),
            "additionalProperties": false,
        ]
    }

    /// A field that is null counts as not given, so that each but what is required may be null.
    private static var serviceFields: KeyValuePairs<String, JSON> {
        let limits = JobRequest.Limits.self
        let name = Schema.name(1...limits.name).or(default: "job")
        let priority = Schema.integer(-limits.priority...limits.priority).or(default: 0)
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

    private static func trainingField(_ name: String) -> JSON {
        let schema: JSON =
            name == "mode" ? Schema.words(["train", "evaluate", "predict", "train_and_evaluate"]) : [:]
        return trainingMeanings[name].map(schema.means) ?? schema
    }

    private static let trainingMeanings = [
        "mode": "What it is asked to do",
        "use_tpu": "Whether it runs on simulated TPU cores, not on the CPU; default true",
        "train_batch_size": "Rows of a global batch, over all cores; needed to train",
        "eval_batch_size": "Rows of a global batch of evaluation; null to evaluate on the CPU",
        "predict_batch_size": "Rows of a global batch of prediction",
        "batch_axis": "The axis of each tensor that is cut into shards",
        "params": "Free values for model functions",
        "tpu_config": "The TPU: num_shards, iterations_per_loop, …",
        "run_config": "Seed, checkpoints, log",
        "model": "The JSON that Keras 2 or 3 prints for a model, or a list of layers",
        "dtype_policy": "float32 or mixed_bfloat16 for all layers, whatever they say; null: each by its own dtype",
        "loss": "A loss by Keras' name, or as its object; needed to train",
        "optimizer": "An optimizer by name, or as its object; needed to train",
        "cross_shard_optimizer": "Whether gradients are reduced over the cores; default true",
        "cross_shard_reduction": "mean or sum; default mean",
        "metrics": "Metrics of evaluation, by name or as objects; default none",
        "weighted_metrics": "Metrics of evaluation whose rows count by their sample weights; default none",
        "loss_weights": "Weights of several losses",
        "train": "How long to train, and the input",
        "evaluate": "How long and when to evaluate, and the input",
        "early_stopping": "When evaluations end the training: monitor, mode, patience, min_delta; null: never",
        "predict": "The input of prediction",
        "warm_start_from": "A file, or a job's checkpoint, whose variables are taken",
        "continue_from": "A job's checkpoint from which variables, optimizer and step are taken",
    ]
}
