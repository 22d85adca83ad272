import Datasets
import Estimator
import Formats
import Graph

/// Reads a job's `input`: source, map, order, and looks at the files.
struct InputReader {
    /// What the input is for, which decides its defaults.
    enum Purpose {
        case training
        case evaluation
        case prediction
    }

    /// What the rest of the job says about the input.
    struct Setting {
        /// What the input is for.
        let purpose: Purpose
        /// The folders that its files lie under.
        let roots: DataRoots
        /// The job's: of random map steps, and of the shuffle where it has none of its own.
        let seed: UInt64
        /// Whether batches that are not full can't be used (on the TPU).
        let mustBeFull: Bool
        /// The job's own batch size, which rules where it is given, and the field that has it.
        let batchSize: (field: String, value: Int?)
        /// What labels of the loss are; nil where that is not known.
        let labelType: CSVColumns.LabelType?
    }

    /// The input at the reader's place; nil where its records can't be told. Each fault is told: whatever else is wrong,
    /// the source is looked at, and the input is held against the model even where its order is at fault.
    static func read(_ reader: ObjectReader, _ setting: Setting) -> InputDefinition? {
        let before = reader.faults.count
        let map = MapReader.read(reader)
        let mapIsRight = reader.faults.count == before
        let isOneHot = map.steps.contains { if case .oneHot = $0 { true } else { false } }
        let source = reader.object("source", required: true, example: SourceReader.example).flatMap {
            SourceReader.read($0, labelType: isOneHot ? .int64 : setting.labelType)
        }
        let shuffle = shuffle(reader, seed: setting.seed)
        let repeatCount = reader.int("repeat", in: 1...SpecLimit.count) ?? (setting.purpose == .training ? nil : 1)
        let prefetch = reader.int("prefetch", default: 2, in: 1...1024)
        let batchSize = batchSize(reader, setting)
        let dropRemainder = reader.bool("drop_remainder", default: setting.mustBeFull)
        if setting.mustBeFull, !dropRemainder, setting.purpose == .training {
            reader.fault("drop_remainder", "must be true: batches of training on the TPU are full")
        }
        let cache = reader.bool("cache", default: false)
        reader.notSupported("features", because: "the source names them")
        reader.notSupported("labels", because: "the source names them")
        reader.notSupported("shard", unless: "auto")
        reader.finish()

        guard let source else { return nil }
        guard let definition = source.definition else {
            collect(reader) { () throws(DatasetError) in try source.partial.check(setting.roots) }
            return nil
        }
        let pipeline = InputPipeline(
            source: definition, map: mapIsRight ? map.steps : [], shuffle: shuffle.value,
            repeatCount: repeatCount, dropRemainder: dropRemainder, prefetch: prefetch, cache: cache, seed: setting.seed
        )
        guard let summary = look(pipeline, mapIsRight, reader, setting), mapIsRight else { return nil }
        return InputDefinition(
            pipeline: pipeline, batchSize: batchSize, layout: summary.layout, count: summary.count,
            pointer: reader.pointer, labels: summary.labels, arrangement: nil,
            isPadded: setting.mustBeFull && !dropRemainder,
            canonical: [
                "source": source.canonical, "features": nil, "labels": nil, "map": .array(map.canonical),
                "shuffle": shuffle.canonical, "repeat": .optional(repeatCount) { JSON($0) }, "cache": JSON(cache),
                "prefetch": JSON(prefetch), "drop_remainder": JSON(dropRemainder), "shard": "auto",
                "batch_size": JSON(batchSize),
            ])
    }

    /// What the files hold; every fault of them is told.
    private static func look(
        _ pipeline: InputPipeline, _ mapIsRight: Bool, _ reader: ObjectReader, _ setting: Setting
    ) -> SourceSummary? {
        let looked = collect(reader) { () throws(DatasetError) in try pipeline.check(setting.roots) }
        guard let summary = looked else { return nil }
        var isRight = true
        for (place, spec) in summary.layout.elements.enumerated() where TensorType(spec) == nil {
            isRight = false
            if place < summary.layout.featureCount {
                // A step at fault may have been the one that casts.
                guard mapIsRight else { continue }
                reader.fault(
                    "map",
                    "has to cast \(spec.name) from \(spec.type) to a type that models take: \(DType.allCases.map(\.rawValue).inWords)"
                )
            } else {
                reader.fault(
                    "source",
                    "has \(summary.layout.labelRange.contains(place) ? "labels" : "weights") \(spec.name) of type \(spec.type), which models don't take; write them as "
                        + DType.allCases.map(\.rawValue).inWords)
            }
        }
        return isRight ? summary : nil
    }

    /// What the look gives; nil where it throws, and then everything that it found is told.
    @discardableResult private static func collect<Found>(
        _ reader: ObjectReader, _ look: () throws(DatasetError) -> Found
    ) -> Found? {
        do {
            return try look()
        } catch {
            for fault in error.faults(at: reader.pointer) { reader.faults.add(fault) }
            reader.faults.note(systemErrors: error.systemErrors)
            return nil
        }
    }

    /// The job's batch size where it has one; beside it, the input's own would be ignored and is refused.
    private static func batchSize(_ reader: ObjectReader, _ setting: Setting) -> Int {
        let own = reader.int("batch_size", in: 1...SpecLimit.batch)
        guard let ruling = setting.batchSize.value else { return own ?? 128 }
        if let own, own != ruling {
            reader.fault("batch_size", "is \(own), but \(setting.batchSize.field) is \(ruling) and rules; leave it out")
        }
        return ruling
    }

    private static func shuffle(
        _ reader: ObjectReader, seed: UInt64
    ) -> (value: InputPipeline.Shuffle?, canonical: JSON) {
        guard let object = reader.object("shuffle", example: ["buffer_size": 1000]) else { return (nil, nil) }
        let size = object.int("buffer_size", required: true, in: 1...Int(UInt32.max))
        let own = object.int("seed", in: 0 ... .max)
        object.finish()
        // A window that is at fault is reported; the rest of the input is looked at without it.
        guard let size else { return (nil, nil) }
        let value = InputPipeline.Shuffle(bufferSize: size, seed: own.map(UInt64.init) ?? seed)
        return (value, ["buffer_size": JSON(size), "seed": JSON(value.seed)])
    }
}
