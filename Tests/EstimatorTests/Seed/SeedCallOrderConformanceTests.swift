import Estimator
import Formats
import Graph
import OrderedCollections
import Synchronization
import Testing

/// The topic `call_order`: the input pipeline, and the estimator itself in real trainings, evaluations and predictions, whose
/// events come from the one tracer.
@Suite struct SeedCallOrderConformanceTests {
    @Test func everyCase() throws {
        let uneven = Skip(
            reason: "more than 8 cores that no number of hosts shares, input a core at a time: here every core is fed"
        ) { each in
            guard each.kind == "batch_sizes" || each.kind == "build_trace", let config = each.input["config"],
                let shards = config["num_shards"]?.int
            else { return false }
            return shards > 8 && shards % 8 != 0 && config["per_host_input_for_training"]?.bool == false
                && each.input["mode"]?.string == "train" && each.input["use_tpu"]?.bool != false
        }
        try SeedTopic(
            name: "call_order", skips: [uneven],
            kinds: [
                "input_pipeline": pipeline, "input_pipeline_summary": pipelineSummary, "batch_sizes": batchSizes,
                "build_trace": trace, "loss_value": loss,
            ]
        ).run()
    }

    // MARK: The pipeline

    private struct Pipeline {
        let log = TraceLog()
        let prepared: PreparedInput

        init(_ each: SeedCase) throws {
            let estimator = try each.input.estimator(tracer: log.tracer)
            let input = try SeedInput(each.input)
            let called = try estimator.callInput(input.function(), mode: try #require(try each.input.mode()))
            guard case .function(let call) = called else { throw UnreadableCase(what: "input that is called at once") }
            prepared = try InfeedPipeline(
                call, batchAxis: each.input["batch_axis"] == nil ? nil : try each.input.ints("batch_axis"),
                wrapsIntoWhileLoop: try each.input.flag("wrap_input_fn_into_while_loop", default: false),
                tracer: log.tracer
            ).build()
        }

        var built: [BuildEvent] {
            log.records.compactMap { if case .build(let event) = $0.event { event } else { nil } }
        }

        /// Device, scope and batch size of each call of the input function.
        var calls: [(device: String?, members: Observed, batchSize: Int?)] {
            built.compactMap { event in
                guard case .inputFunction(let device, let scope, let batchSize) = event else { return nil }
                return (
                    device,
                    .object(["device": .optional(device), "scope": .string(scope), "batch_size": .optional(batchSize)]),
                    batchSize
                )
            }
        }

        var operations: Observed {
            .list(
                prepared.enqueueOperations.map { operations in
                    switch operations {
                    case .operations(let count): .int(count)
                    case .whileLoop: .string("while_loop")
                    }
                })
        }
    }

    private func pipeline(_ each: SeedCase) throws -> Observed {
        let pipeline = try Pipeline(each)
        let (features, labels) = try pipeline.prepared.dequeue()
        let queueEvents = pipeline.built.filter { event in if case .inputFunction = event { false } else { true } }
        return .object([
            "input_fn_call_count": .int(pipeline.calls.count), "input_fn_calls": .list(pipeline.calls.map(\.members)),
            "queue_events": .list(queueEvents.map(\.observed)), "enqueue_ops_per_host": pipeline.operations,
            "dequeued_features": features.observed, "dequeued_labels": labels?.observed ?? .null,
        ])
    }

    private func pipelineSummary(_ each: SeedCase) throws -> Observed {
        let pipeline = try Pipeline(each)
        _ = try pipeline.prepared.dequeue()
        let calls = pipeline.calls
        var devices: OrderedDictionary<String, Int> = [:]
        for call in calls { devices[call.device ?? "", default: 0] += 1 }
        guard case .infeedDequeue(let queue, _)? = pipeline.built.last else { return .null }
        return .object([
            "input_fn_call_count": .int(calls.count), "first_call": calls.first?.members ?? .null,
            "last_call": calls.last?.members ?? .null,
            "calls_per_device": .list(devices.map { .list([.string($0), .int($1)]) }),
            "batch_sizes": .list(OrderedSet(calls.map(\.batchSize)).map { Observed.optional($0) }),
            "enqueue_ops_per_host": pipeline.operations, "dequeue_queue": .int(queue),
        ])
    }

    // MARK: Whole builds

    private func batchSizes(_ each: SeedCase) throws -> Observed {
        let build = try RealBuild(each)
        try build.run()
        let sizes = OrderedSet(build.input.calls.map(\.params.batchSize))
        let models = build.modelCalls
        return .object([
            "input_fn_calls": .int(build.input.calls.count),
            "input_fn_batch_sizes": .list(sizes.map { Observed.optional($0) }), "model_fn_calls": .int(models.count),
            "model_fn_batch_size": .optional(models.first ?? nil),
        ])
    }

    private func trace(_ each: SeedCase) throws -> Observed {
        let build = try RealBuild(each)
        var members: [String: Observed] = [:]
        do { try build.run() } catch { members["error"] = .failure(error) }
        let (events, spec) = build.events
        members["events"] = .list(events)
        if members["error"] == nil { members["spec"] = spec }
        return .object(members)
    }

    // MARK: Losses

    private func loss(_ each: SeedCase) throws -> Observed {
        let mode = try #require(try each.input.mode())
        let iterations = try each.input.wholeNumber("iterations")
        let losses = try #require(each.input["loss_per_step_per_shard"]?.array).map { shard in
            try #require(shard.array).map { Float(try #require($0.double)) }
        }
        let run = try LossRun(losses, iterations: iterations)
        let observed = try mode == .train ? run.train() : run.evaluate()
        let expected = each.expected?["fetched_loss"]
        var members: [String: Observed] = [
            "fetched_loss": .double(observed.loss), "train_op_runs_per_shard": .int(observed.trainings),
            "outfeed_enqueues_per_shard": .int(observed.enqueues),
        ]
        if observed.loss.isNaN { members["fetched_loss"] = .string("nan") }
        // Losses are compared with a tolerance.
        if let number = expected?.double, abs(observed.loss - number) <= 1e-5 * max(1e-3, abs(number)) {
            members["fetched_loss"] = .double(number)
        }
        if let added = observed.evalStepAdded { members["eval_step_increment_added"] = .int(added) }
        return .object(members)
    }
}
