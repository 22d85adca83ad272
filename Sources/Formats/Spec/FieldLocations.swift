/// Where the fields of a job specification belong, for one that was written on another level.
enum FieldLocations {
    /// Parts that users name things in, or whose fields are Keras': a name there says nothing about the job's own.
    private static let strange: Set<String> = ["model", "loss", "optimizer", "metrics", "params", "labels"]

    private static let places: [String: [String]] = {
        var places: [String: [String]] = [:]
        func add(_ parent: String, _ names: String...) {
            for name in names { places[name, default: []].append("\(parent)/\(name)") }
        }
        add(
            "", "name", "labels", "priority", "retry", "max_run_seconds", "start_deadline_seconds", "preemptible",
            "webhooks", "mode", "use_tpu", "train_batch_size", "eval_batch_size", "predict_batch_size", "batch_axis",
            "params", "tpu_config", "run_config", "program", "model", "dtype_policy", "loss", "optimizer",
            "cross_shard_optimizer",
            "cross_shard_reduction", "metrics", "weighted_metrics", "loss_weights", "train", "evaluate", "predict",
            "early_stopping", "warm_start_from", "continue_from")
        add(
            "/tpu_config", "num_shards", "iterations_per_loop", "per_host_input_for_training", "tpu_job_name",
            "multi_host_evaluation")
        add(
            "/run_config", "master", "evaluation_master", "random_seed", "save_checkpoints_steps",
            "save_checkpoints_secs", "keep_checkpoint_max", "keep_best", "save_summary_steps", "log_every_n_secs")
        add("/early_stopping", "monitor", "mode", "patience", "min_delta")
        add("/run_config/keep_best", "monitor", "mode", "count")
        add("/retry", "max_attempts", "backoff_seconds")
        add("/train", "steps", "max_steps", "input", "class_weight")
        add("/evaluate", "steps", "every_steps", "eval_on_tpu", "input")
        add("/predict", "input")
        for section in ["/train/input", "/evaluate/input", "/predict/input"] {
            add(section, "source", "map", "shuffle", "repeat", "cache", "prefetch", "drop_remainder", "batch_size")
            add(section + "/shuffle", "buffer_size")
            add(section + "/source", "csv", "idx", "safetensors", "synthetic")
            for kind in ["csv", "safetensors"] { add("\(section)/source/\(kind)", "sample_weight") }
        }
        return places
    }()

    /// Fields of the job that are not supported yet, except at their defaults.
    static let later: Set<String> = [
        "batch_axis", "save_summary_steps",
    ]

    /// The places that a field of this name has elsewhere than in the object at the pointer; empty when it has none.
    static func of(_ name: String, notIn pointer: JSONPointer) -> [String] {
        if let first = pointer.tokens.first, strange.contains(first) { return [] }
        guard let places = places[name] else { return [] }
        let here = "\(pointer)/\(name)"
        let section = pointer.tokens.first.map { "/\($0)/" }
        // Of several, those of the section at hand are meant.
        let near = places.filter { place in section.map { place.hasPrefix($0) } ?? false }
        return (near.isEmpty ? places : near).filter { $0 != here }
    }
}
