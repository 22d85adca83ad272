import Estimator
import Formats
import OrderedCollections

/// The plain fields at the top of a job.
struct JobFields {
    /// Nil where it is at fault.
    let mode: JobDefinition.Mode?
    let useTPU: Bool
    let reduction: CrossShardOptimizer.Reduction
    let params: ModelParameters
    /// What all layers compute in; nil: each says itself.
    let policy: DTypePolicy?

    init(_ reader: ObjectReader) {
        mode = reader.choice("mode", of: JobDefinition.Mode.self, required: true)
        useTPU = reader.bool("use_tpu", default: true)
        let isCross = reader.bool("cross_shard_optimizer", default: true)
        if useTPU, !isCross, mode?.trains == true {
            reader.fault("cross_shard_optimizer", EstimatorError.crossShardOptimizerMissing.description)
        }
        reader.note("cross_shard_reduction", .preset(JSON(Reduction.mean.rawValue)))
        reduction = reader.choice("cross_shard_reduction", of: Reduction.self) == .sum ? .sum : .mean
        params = JobFields.params(reader)
        policy = reader.choice("dtype_policy", of: DTypePolicy.self)
        reader.notSupported("batch_axis")
    }

    private enum Reduction: String, CaseIterable {
        case mean
        case sum
    }

    private static func params(_ reader: ObjectReader) -> ModelParameters {
        guard let object = reader.object("params") else { return ModelParameters() }
        if object.members[ModelParameters.reservedKey] != nil {
            object.fault(
                ModelParameters.reservedKey,
                "batch_size is a reserved key of params: the estimator sets it; use train_batch_size")
        }
        check(reader.value("params") ?? [:], at: object.pointer, object.faults)
        return ModelParameters(object.members.mapValues(value))
    }

    /// Refuses numbers that no program could get: those past a double's range.
    private static func check(_ json: JSON, at pointer: JSONPointer, _ faults: SpecErrors) {
        switch json {
        case .number(let number) where number.double == nil:
            faults.add(pointer, "must be a number in a double's range, not \(json.inWords)")
        case .array(let values):
            for (place, value) in values.enumerated() { check(value, at: pointer.appending(place), faults) }
        case .object(let members):
            for (name, value) in members { check(value, at: pointer.appending(name), faults) }
        default: break
        }
    }

    private static func value(_ json: JSON) -> ParameterValue {
        switch json {
        case .null: .null
        case .bool(let value): .bool(value)
        case .number(let value): value.int.map { .int($0) } ?? .double(value.double ?? .nan)
        case .string(let value): .string(value)
        case .array(let values): .array(values.map(value))
        case .object(let members): .object(members.mapValues(value))
        }
    }
}

/// The global batch sizes, checked against the shards.
struct BatchSizes {
    let train: Int?
    let evaluation: Int?
    let prediction: Int?
    /// Whether evaluation runs on simulated cores.
    let evaluatesOnTPU: Bool

    /// Reads all of them.
    ///
    /// - Parameter tpu: the cores that a batch is divided among; nil where their number is at fault.
    init(_ reader: ObjectReader, _ fields: JobFields, _ tpu: TPUConfig?) {
        let range = 1...SpecLimit.batch
        train = reader.int("train_batch_size", required: fields.mode?.trains == true, in: range)
        evaluation = reader.int("eval_batch_size", in: range)
        prediction = reader.int("predict_batch_size", in: range)
        let isAsked = BatchSizes.evalOnTPU(reader)
        evaluatesOnTPU = fields.useTPU && evaluation != nil && isAsked != false
        guard fields.useTPU, let tpu else { return }
        let shards = tpu.numShards
        if let train, train % shards != 0 {
            reader.fault(
                "train_batch_size",
                "\(train) must be divisible by the number of shards \(shards) (tpu_config.num_shards)")
        }
        if let prediction, prediction % shards != 0 {
            reader.fault(
                "predict_batch_size",
                "\(prediction) must be divisible by the number of shards \(shards) (tpu_config.num_shards)")
        }
        guard let evaluation, evaluatesOnTPU else { return }
        if shards > TPUContext.maximumCoresPerHost, !tpu.multiHostEvaluation {
            reader.fault("eval_batch_size", EstimatorError.multiHostEvaluation.description)
        } else if evaluation % shards != 0 {
            reader.fault(
                "eval_batch_size",
                "\(evaluation) must be divisible by the number of shards \(shards) (tpu_config.num_shards)")
        }
    }

    /// The member of `evaluate`, as far as it is one; its section tells of faults.
    private static func evalOnTPU(_ reader: ObjectReader) -> Bool? {
        reader.value("evaluate")?.object?["eval_on_tpu"]?.bool
    }
}
