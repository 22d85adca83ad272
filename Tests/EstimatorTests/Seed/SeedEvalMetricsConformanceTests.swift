import Estimator
import Formats
import Graph
import OrderedCollections
import Testing

/// The topic `eval_metrics`: the metrics, the specs that hold them and the recorder, which evaluation runs through.
@Suite struct SeedEvalMetricsConformanceTests {
    @Test func everyCase() throws {
        let typedAway = Skip(reason: "an empty value in place of no metrics, which nil says") { each in
            guard each.kind == "cpu_metric_ops", each.tags.contains("dynamic_typing") else { return false }
            let given = each.input["eval_metrics"]
            if let items = given?["items"]?.array { return items.isEmpty }
            let value = given?["value"]
            return value?.string == "" || value?.double == 0 || value?.bool == false
        }
        try SeedTopic(
            name: "eval_metrics", skips: [typedAway],
            kinds: [
                "validate": validate, "spec_ctor": construct, "cpu_metric_ops": onHost,
                "as_estimator_spec": convert, "record": record, "tpu_metric_ops": onDevice,
            ]
        ).run()
    }

    private func validate(_ each: SeedCase) throws -> Observed {
        _ = try Self.signatures(each).metrics(each.input["eval_metrics"])
        return .object(["accepted": .bool(true)])
    }

    private func construct(_ each: SeedCase) throws -> Observed {
        let graph = SeedGraph()
        let spec = TPUEstimatorSpec(
            mode: try #require(try each.input.mode()),
            evalMetrics: try SeedMetrics(returned: [], tensor: graph.tensor).metrics(each.input["eval_metrics"]))
        return .object(["accepted": .bool(true), "has_eval_metrics": .bool(spec.evalMetrics != nil)])
    }

    private func onHost(_ each: SeedCase) throws -> Observed {
        let log = TraceLog()
        var members: [String: Observed] = [:]
        do {
            let metrics = try Self.signatures(each).metrics(each.input["eval_metrics"])
            let made = try metrics?.metricsForHost(tracer: log.tracer)
            members["metric_ops"] =
                made.map { made in
                    Self.observed(made.mapValues { MetricOperation(metric: $0, update: $0.updateOperation) })
                } ?? .null
        } catch {
            members["error"] = .failure(error)
        }
        members["metric_fn_calls"] = log.metricCalls
        members["warnings_logged"] = .int(log.warnings)
        return .object(members)
    }

    private func convert(_ each: SeedCase) throws -> Observed {
        let graph = SeedGraph()
        let log = TraceLog()
        func given(_ name: String) throws -> OrderedDictionary<String, Tensor> {
            guard let tensor = try each.input.optionalString(name) else { return [:] }
            return [tensor: try graph.tensor(TensorSignature(name: tensor, dtype: "float32", shape: [nil]))]
        }
        let metrics = SeedMetrics(
            returned: try #require(try each.input.optionalStrings("metrics")), tensor: graph.tensor)
        let spec = try TPUEstimatorSpec(
            mode: try #require(try each.input.mode()), loss: try given("loss").values.first,
            trainOp: try each.input.optionalString("train_op").map { TrainOperation(slots: [$0]) },
            evalMetrics: metrics.metrics(each.input["eval_metrics"]), predictions: given("predictions"),
            exportOutputs: given("export_outputs")
        ).asEstimatorSpec(tracer: log.tracer)
        #expect(spec.trainingHooks.isEmpty && spec.trainingChiefHooks.isEmpty && spec.evaluationHooks.isEmpty)
        // A graph's tensors have no names: they go by the parameters that they are passed for.
        return .object([
            "mode": .string(spec.mode.rawValue), "predictions": .optional(spec.predictions.keys.first),
            "loss": .optional(spec.loss.flatMap(graph.name)), "train_op": .optional(spec.trainOp?.slots.first),
            "export_outputs": .optional(spec.exportOutputs.keys.first),
            "eval_metric_ops": spec.evalMetricOps.map { operations in
                Self.observed(
                    operations.metrics.mapValues { MetricOperation(metric: $0, update: $0.updateOperation) })
            } ?? .null,
            "metric_fn_calls": graph.renamed(log, operations: spec.evalMetricOps),
        ])
    }

    private func record(_ each: SeedCase) throws -> Observed {
        var recorder = EvalMetricsRecorder<TensorSignature>(context: try Self.context(cores: 1, job: nil))
        let steps = try #require(each.input["steps"]?.array).map { step -> Observed in
            switch step["do"]?.string {
            case "record":
                return .part {
                    let metrics = try Self.signatures(each).metrics(step["eval_metrics"])
                    try recorder.record(metrics)
                    let tensors = try recorder.metrics.tensors
                    let isNamed = if case .named = tensors { true } else { false }
                    return .object([
                        "keys": .strings(tensors.keys), "is_dict": .bool(isNamed),
                        "dtypes": .strings(tensors.elements.map(\.dtype)),
                        "shapes": .list(tensors.elements.map(\.observedShape)),
                    ])
                }
            case "read_outfeed_tensors":
                return .part {
                    .object(["outfeed_tensors": .strings(try recorder.outfeedTensors.map(\.name))])
                }
            case let other: throw UnreadableCase(what: "the step \(other ?? "missing")")
            }
        }
        return .object(["steps": .list(steps)])
    }

    private func onDevice(_ each: SeedCase) throws -> Observed {
        let log = TraceLog()
        var recorder = EvalMetricsRecorder<TensorSignature>(
            context: try Self.context(
                cores: try each.input.wholeNumber("num_cores"), job: try each.input.optionalString("master_job")),
            tracer: log.tracer)
        try recorder.record(try Self.signatures(each).metrics(each.input["eval_metrics"]))
        var members: [String: Observed] = [:]
        do {
            let made = try recorder.metricOperations(placeholder: SessionOperation("dummy_update_op"))
            members["metric_ops"] = Self.observed(made.operations)
            members["update_ops"] = .strings(made.updates.map(\.name))
        } catch {
            members["error"] = .failure(error)
        }
        var (devices, joined): ([String], [Observed]) = ([], [])
        for record in log.records {
            guard case .build(let event) = record.event else { continue }
            if case .outfeedDequeue(let device, _) = event { devices.append(device) }
            if case .concatenation(let name, let axis, let device, let inputs) = event {
                #expect(name == "concat:\(joined.count)", "\(each.id)")
                joined.append(
                    .object(["axis": .int(axis), "device": .string(device), "inputs": .strings(inputs)]))
            }
        }
        members["dequeue_devices"] = .strings(devices)
        members["concats"] = .list(joined)
        members["metric_fn_calls"] = log.metricCalls
        members["warnings_logged"] = .int(log.warnings)
        return .object(members)
    }

    // MARK: What the kinds share

    private static func signatures(_ each: SeedCase) throws -> SeedMetrics<TensorSignature> {
        SeedMetrics(returned: try each.input.optionalStrings("metrics") ?? []) { $0 }
    }

    private static func context(cores: Int, job: String?) throws -> TPUContext {
        TPUContext(
            config: RunConfig(master: "", tpuConfig: try TPUConfig(numShards: cores, tpuJobName: job)),
            trainBatchSize: cores, evalBatchSize: cores
        ).withMode(.evaluate)
    }

    private static func observed(_ operations: OrderedDictionary<String, MetricOperation>) -> Observed {
        .list(
            operations.map { name, operation in
                .list([
                    .string(name), .strings([operation.metric.valueOperation.name, operation.update.name]),
                ])
            })
    }
}
