import Datasets
import Formats

/// Reads a job's `input`: source, map, order, and looks at the files.
struct InputReader {
    /// What the input is for, which decides its defaults.
    enum Purpose {
        case training
        case evaluation
    }

    /// The input at the reader's place; nil where faults were found.
    ///
    /// - Parameters:
    ///   - seed: of the shuffle where it has none of its own: the job's.
    ///   - mustBeFull: whether batches that are not full can't be used (on the TPU).
    static func read(
        _ reader: ObjectReader, for purpose: Purpose, roots: DataRoots, seed: UInt64, mustBeFull: Bool
    ) -> InputDefinition? {
        let before = reader.faults.all.count
        let source = reader.object("source", required: true).flatMap(SourceReader.read)
        let map = MapReader.read(reader)
        let shuffle = shuffle(reader, seed: seed)
        let repeatCount = reader.int("repeat", in: 1 ... .max) ?? (purpose == .training ? nil : 1)
        let prefetch = reader.int("prefetch", default: 2, in: 1...1024)
        let batchSize = reader.int("batch_size", default: 128, in: 1...Int(Int32.max))
        let dropRemainder = reader.bool("drop_remainder", default: mustBeFull)
        if mustBeFull, !dropRemainder {
            reader.fault("drop_remainder", "must be true: batches on the TPU are full")
        }
        let cache = reader.bool("cache", default: false)
        reader.notSupported("features", because: "the source names them")
        reader.notSupported("labels", because: "the source names them")
        reader.notSupported("shard", unless: "auto")
        reader.finish()
        guard reader.faults.all.count == before, let source else { return nil }

        let pipeline = InputPipeline(
            source: source.definition, map: map.steps, shuffle: shuffle.value, repeatCount: repeatCount,
            dropRemainder: dropRemainder, prefetch: prefetch)
        do {
            let summary = try pipeline.check(roots)
            for spec in summary.layout.elements where DatasetInput.type(spec) == nil {
                reader.fault(
                    "map", "has to cast \(spec.name) from \(spec.type) to a type that models take, float32 for example")
                return nil
            }
            return InputDefinition(
                pipeline: pipeline, batchSize: batchSize, layout: summary.layout, count: summary.count,
                pointer: reader.pointer, classes: nil,
                canonical: [
                    "source": source.canonical, "features": nil, "labels": nil, "map": .array(map.canonical),
                    "shuffle": shuffle.canonical, "repeat": .optional(repeatCount) { JSON($0) }, "cache": JSON(cache),
                    "prefetch": JSON(prefetch), "drop_remainder": JSON(dropRemainder), "shard": "auto",
                    "batch_size": JSON(batchSize),
                ])
        } catch {
            reader.faults.add(error.fault(at: reader.pointer))
            return nil
        }
    }

    private static func shuffle(
        _ reader: ObjectReader, seed: UInt64
    ) -> (value: InputPipeline.Shuffle?, canonical: JSON) {
        guard let object = reader.object("shuffle") else { return (nil, nil) }
        let size = object.int("buffer_size", required: true, in: 1...Int(UInt32.max)) ?? 1
        let own = object.int("seed", in: 0 ... .max)
        object.finish()
        let value = InputPipeline.Shuffle(bufferSize: size, seed: own.map(UInt64.init) ?? seed)
        return (value, ["buffer_size": JSON(size), "seed": JSON(value.seed)])
    }
}
