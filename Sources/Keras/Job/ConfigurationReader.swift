import Estimator
import Formats

/// Reads `tpu_config` and `run_config`.
enum ConfigurationReader {
    /// Both configurations, and their documents with every default.
    struct Result {
        /// Nil where its number of cores is at fault.
        var tpu: TPUConfig?
        var run: RunConfig
        /// `keep_best`, whose document is made once it is known what evaluations measure.
        var best: EvaluationRules.Best?
        var canonicalTPU: JSON
        var canonicalRun: JSON
    }

    static func read(_ reader: ObjectReader, mode: JobDefinition.Mode?) -> Result {
        let (tpu, canonicalTPU) = readTPU(section(reader, "tpu_config"))
        let runReader = section(reader, "run_config")
        let best = EvaluationRules.best(runReader, mode)
        let (run, canonicalRun) = readRun(runReader)
        return Result(tpu: tpu, run: run, best: best, canonicalTPU: canonicalTPU, canonicalRun: canonicalRun)
    }

    private static func section(_ reader: ObjectReader, _ name: String) -> ObjectReader {
        reader.object(name) ?? ObjectReader([:], at: reader.pointer(to: name), faults: reader.faults)
    }

    private static func readTPU(_ reader: ObjectReader) -> (TPUConfig?, JSON) {
        reader.note("num_shards", .preset(8))
        let given = reader.int("num_shards", in: 1...2048)
        let shards = given ?? 8
        let areWhole = shards <= 8 || shards % 8 == 0
        if !areWhole {
            reader.fault("num_shards", "must be 1 to 8 cores of one host or a multiple of 8, not \(shards)")
        }
        let loop = LoopLength(reader)
        var perHost = true
        if let text = reader.value("per_host_input_for_training")?.string, ["per_host_v2", "broadcast"].contains(text) {
            reader.fault(
                "per_host_input_for_training", "\"\(text)\" is not supported yet; give true or false",
                code: SpecError.notSupported)
        } else {
            perHost = reader.bool("per_host_input_for_training", default: true)
        }
        let job = reader.string("tpu_job_name", maxLength: 200)
        let multiHost = reader.bool("multi_host_evaluation", default: false)
        reader.finish()
        let areRight = areWhole && (given != nil || !reader.has("num_shards"))
        let config = try? TPUConfig(
            iterationsPerLoop: loop.steps, secondsPerLoop: loop.seconds, numShards: shards,
            perHostInputForTraining: perHost, multiHostEvaluation: multiHost, tpuJobName: job)
        return (
            areRight ? config : nil,
            [
                "num_shards": JSON(shards), "iterations_per_loop": loop.canonical,
                "per_host_input_for_training": JSON(perHost), "tpu_job_name": .optional(job) { JSON($0) },
                "multi_host_evaluation": JSON(multiHost),
            ]
        )
    }

    private static func readRun(_ reader: ObjectReader) -> (RunConfig, JSON) {
        let master = reader.string("master", default: "tpu_worker", maxLength: 200)
        let evaluationMaster = reader.string("evaluation_master", maxLength: 200)
        let seed = reader.int("random_seed", default: 0, in: 0 ... .max)
        var steps = reader.int("save_checkpoints_steps", in: 1...SpecLimit.count)
        let seconds = reader.int("save_checkpoints_secs", in: 1...Int(Int32.max))
        if steps != nil, seconds != nil {
            reader.fault("save_checkpoints_secs", "can't be given together with save_checkpoints_steps")
        }
        if steps == nil, seconds == nil { steps = 1000 }
        let keep = reader.int("keep_checkpoint_max", default: 5, in: 0...1_000_000)
        let summary = 100
        reader.notSupported("save_summary_steps", unless: JSON(summary), because: "no summaries are written")
        let log = reader.int("log_every_n_secs", default: 30, in: 1...Int(Int32.max))
        reader.finish()
        return (
            RunConfig(
                master: master, evaluationMaster: evaluationMaster, randomSeed: UInt64(seed),
                saveCheckpointsSteps: steps, saveCheckpointsSeconds: seconds, keepCheckpointMax: keep,
                saveSummarySteps: summary, logEverySeconds: log),
            [
                "master": JSON(master), "evaluation_master": .optional(evaluationMaster) { JSON($0) },
                "random_seed": JSON(seed), "save_checkpoints_steps": .optional(steps) { JSON($0) },
                "save_checkpoints_secs": .optional(seconds) { JSON($0) }, "keep_checkpoint_max": JSON(keep),
                "keep_best": nil,
                "save_summary_steps": JSON(summary), "log_every_n_secs": JSON(log),
            ]
        )
    }
}
