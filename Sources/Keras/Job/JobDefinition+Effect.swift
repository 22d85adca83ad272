import Datasets
import Estimator
import Formats
import Graph

extension JobDefinition {
    /// Everything that rules how the job runs, as text: the programs, and the settings that act around them. Two jobs with
    /// the same text do the same. For tests that no field of a specification is echoed and ignored.
    package var effect: String {
        var lines = [
            "mode \(mode.rawValue)", "tpu \(useTPU) cores \(numShards)",
            "batches \(words(trainBatchSize)) \(words(evalBatchSize))",
            // On the CPU a run is one step.
            (useTPU ? "loop \(config.tpuConfig.iterationsPerLoop) \(words(config.tpuConfig.secondsPerLoop)) " : "")
                + "per_host \(config.tpuConfig.perHostInputForTraining) "
                + "multi_host \(config.tpuConfig.multiHostEvaluation) job \(words(config.tpuConfig.tpuJobName))",
            "masters \(config.master) \(config.evaluationMaster)", "seed \(config.randomSeed)",
            "checkpoints \(words(config.saveCheckpointsSteps)) \(words(config.saveCheckpointsSeconds)) "
                + "keep \(config.keepCheckpointMax)",
            "log \(config.logEverySeconds)", "params \(params)",
            "start \(words(start.map { "\($0.field) \($0.canonical.text)" }))",
            "rules \(words(rules.earlyStopping)) \(words(rules.bestCheckpoints))",
            "outputs \(outputs.map { "\($0.name) \($0.weight)" })",
            "metrics \(outputs.flatMap { $0.metrics.map { "\($0.metric.name)\($0.isWeighted ? " weighted" : "")" } })",
        ]
        if let training {
            lines.append("train \(words(training.steps)) \(words(training.maxSteps)) \(effect(of: training.input))")
        }
        if let evaluation {
            lines.append(
                "evaluate \(words(evaluation.steps)) \(words(evaluation.everySteps)) \(effect(of: evaluation.input))")
        }
        if let prediction { lines.append("predict on \(predictionShards) \(effect(of: prediction))") }
        // An initializer is not part of a program's text.
        lines.append("model \(model.layers)")
        do {
            lines.append(Printer.text(of: try program(isOptimized: false).built.program))
        } catch {
            lines.append("no program: \(error)")
        }
        return lines.joined(separator: "\n")
    }

    private func words<Value>(_ value: Value?) -> String { value.map { "\($0)" } ?? "none" }

    private func effect(of input: InputDefinition) -> String {
        let pipeline = input.pipeline
        var source = "\(pipeline.source)"
        if case .csv(let csv) = pipeline.source {
            source =
                "\(csv.path) \(words(csv.label)) \(words(csv.features)) \(words(csv.labelType)) "
                + "\(words(csv.weight))"
        }
        return "source \(source) map \(pipeline.map) shuffle \(words(pipeline.shuffle)) repeat "
            + "\(words(pipeline.repeatCount)) full \(pipeline.dropRemainder) ahead \(pipeline.prefetch) "
            + "cache \(pipeline.cache) batch \(input.batchSize) arrays \(words(input.arrangement))"
    }
}
