import Estimator

extension BuildEvent {
    /// The event as cases write it.
    var observed: Observed {
        switch self {
        case .inputFunction(let device, let scope, let batchSize):
            event(
                "input_fn", ["device": .optional(device), "scope": .string(scope), "batch_size": .optional(batchSize)])
        case .infeedQueue(let queue, let elements, let split): infeedQueue(queue, elements, split)
        case .configureFromShards(let queue, let shards):
            event("infeed_configure_from_shards", ["queue": .int(queue), "shards": .int(shards)])
        case .setNumberOfShards(let queue, let shards):
            event("infeed_set_number_of_shards", ["queue": .int(queue), "shards": .int(shards)])
        case .enqueuePerCore(let queue, let inputs, let ordinals, let device, let scope):
            event(
                "infeed_enqueue_per_core",
                [
                    "queue": .int(queue), "inputs": .list(inputs.map { .strings($0) }), "ordinals": .ints(ordinals),
                    "device": .string(device), "scope": .string(scope),
                ])
        case .enqueueSplit(let queue, let inputs, let shards, let placements, let scope):
            event(
                "infeed_enqueue_split",
                [
                    "queue": .int(queue), "inputs": .strings(inputs), "shards": .int(shards),
                    "placements": .strings(placements), "scope": .string(scope), "extra_arguments": .list([]),
                ])
        case .whileLoop(let device):
            event("while_loop", ["device": .string(device), "parallel_iterations": .int(1), "start": .ints([0])])
        case .whileLoopEnd: event("while_loop_end", [:])
        case .infeedDequeue(let queue, let count):
            event("infeed_dequeue", ["queue": .int(queue), "count": .int(count)])
        case .shard(let cores):
            event("shard", ["num_shards": .int(cores), "inputs": .int(0), "outputs_from_all_shards": .bool(false)])
        case .repeat(let times, let initial, let name):
            event("repeat", ["times": .string(times), "initial": .list([.double(initial)]), "name": .string(name)])
        case .repeatEnd(let name): event("repeat_body_end", ["name": .string(name)])
        case .modelFunction(let mode, let batchSize, let features, let labels):
            event(
                "model_fn",
                [
                    "mode": .string(mode.rawValue), "batch_size": .optional(batchSize), "features": features.observed,
                    "labels": labels?.observed ?? .null,
                ])
        case .enterShardContext(let shards): event("enter_shard_context", ["shards": .int(shards)])
        case .exitShardContext(let shards): event("exit_shard_context", ["shards": .int(shards)])
        case .identity(let after): event("identity", ["control": .strings(after)])
        case .add(let after): event("add", ["control": .strings(after)])
        case .outfeedEnqueue(let tensors): event("outfeed_enqueue", ["tensors": .strings(tensors)])
        case .divide: event("div", [:])
        case .checkNumerics(let check, let after):
            event(
                "check_numerics",
                ["tensor": .string(check.variable), "message": .string(check.message), "control": .strings([after])])
        case .assignAdd(let variable, let after):
            event(
                "assign_add", ["variable": .string(variable), "use_locking": .bool(true), "control": .strings([after])])
        case .placeholder(let after): event("no_op", ["control": .int(after)])
        case .group(let inputs): event("group", ["inputs": .int(inputs)])
        case .outfeedDequeue(let device, let count):
            event("outfeed_dequeue", ["device": .string(device), "count": .int(count)])
        case .concatenation(let name, let axis, let device, let inputs):
            event(
                "concat",
                ["name": .string(name), "axis": .int(axis), "device": .string(device), "inputs": .strings(inputs)])
        case .metricFunction(let arguments): event("metric_fn", arguments.observedMembers)
        case .hostFunction(let tensors): event("host_call", ["tensors": .strings(tensors)])
        case .infeedOutfeedHook(let job, let hosts, let dequeue):
            event(
                "create_infeed_outfeed_hook",
                [
                    "master_job": .optional(job), "hosts": .int(hosts),
                    "dequeue_ops": dequeue.map { .strings($0) } ?? .null,
                ])
        case .loggingHook(let keys, let everySeconds):
            event("logging_hook", ["keys": .strings(keys), "every_n_secs": .int(everySeconds)])
        case .summary(let name): event("summary_scalar", ["name": .string(name)])
        case .validateTrainingGraph: event("validate_training_graph", [:])
        case .spec(let summary): summary.observed
        }
    }

    private func infeedQueue(_ queue: Int, _ elements: Int, _ split: InfeedSplit?) -> Observed {
        var members: [String: Observed] = ["queue": .int(queue), "tuple_elements": .int(elements)]
        if let split {
            members["tuple_types"] = .strings(split.types)
            members["tuple_shapes"] = .list(
                split.shapes.map { shape in shape.map { .list($0.map { Observed.optional($0) }) } ?? .null })
            members["shard_dimensions"] = split.shardDimensions.map { .ints($0) } ?? .null
        }
        return event("infeed_queue", members)
    }

    private func event(_ name: String, _ members: [String: Observed]) -> Observed {
        .object(members.merging(["event": .string(name)]) { first, _ in first })
    }
}

extension SpecSummary {
    /// The spec as cases write it.
    var observed: Observed {
        func names(_ names: [String]) -> Observed { names.isEmpty ? .null : .strings(names) }
        return .object([
            "type": .string("EstimatorSpec"), "mode": .string(mode.rawValue), "training_hooks": names(trainingHooks),
            "evaluation_hooks": names(evaluationHooks), "has_train_op": .bool(hasTrainOp),
            "predictions": .optional(predictions.first),
            "eval_metric_ops": metrics.map { .list($0.map { .strings($0) }) } ?? .null,
        ])
    }
}
