import Formats
import OrderedCollections

/// The bytes of a checkpoint's files: the same values give the same bytes, and nothing in them tells of the job, the
/// time or the machine.
package enum CheckpointEncoding {
    /// Arrays in a safetensors file, which lays them out the same way whatever their order here.
    package static func safetensors(_ arrays: [NamedArray]) -> [UInt8] {
        Safetensors(tensors: NamedArray.dictionary(arrays)).serialized()
    }

    /// Arrays of a safetensors file, nil when the bytes are not such a file.
    package static func arrays(_ bytes: [UInt8]) -> [NamedArray]? {
        guard let file = try? Safetensors(parsing: bytes) else { return nil }
        return file.tensors.map { NamedArray(name: $0.key, array: $0.value) }
    }

    /// `state.json`.
    package static func state(_ state: SavedState) -> [UInt8] {
        var value: JSON = [
            "version": 1,
            "global_step": JSON(state.globalStep),
            "data": ["consumed_batches": JSON(state.consumedBatches)],
            "seed": JSON(state.seed),
            "reported": state.reported.json,
        ]
        // Only jobs that depend on their evaluations have it.
        if !state.evaluations.isEmpty { value["evaluations"] = state.evaluations.json }
        return value.serialized(pretty: true)
    }

    /// `state.json` read back; nil when a member is missing or of another version. What was reported may be missing:
    /// checkpoints of the first versions don't have it; so may what the evaluations mean.
    package static func state(parsing bytes: [UInt8]) -> SavedState? {
        guard let value = try? JSON(parsing: bytes), value["version"]?.int == 1,
            let globalStep = value["global_step"]?.int,
            let consumed = value["data"]?["consumed_batches"]?.int,
            let seed = value["seed"]?.number?.uint64, globalStep >= 0, consumed >= 0, consumed <= globalStep,
            let reported = ReportedSeries(value["reported"] ?? [:]),
            let evaluations = EvaluationHistory(value["evaluations"] ?? [:])
        else { return nil }
        return SavedState(
            globalStep: globalStep, consumedBatches: consumed, seed: seed, reported: reported, evaluations: evaluations)
    }

    /// `manifest.json`.
    package static func manifest(_ record: CheckpointRecord) -> [UInt8] {
        let value: JSON = [
            "version": 1,
            "step": JSON(record.step),
            "kept_because": .optional(record.reason) { .string($0.rawValue) },
            "files": .array(
                record.files.map {
                    ["name": JSON($0.name), "bytes": JSON($0.bytes), "sha256": JSON($0.sha256)]
                }),
        ]
        return value.serialized(pretty: true)
    }

    /// What a manifest says; nil unless it is this step's and lists exactly a checkpoint's files.
    package static func record(manifest: [UInt8], step: Int) -> CheckpointRecord? {
        guard let value = try? JSON(parsing: manifest), value["version"]?.int == 1, value["step"]?.int == step,
            let listed = value["files"]?.array
        else { return nil }
        var files: [ManifestEntry] = []
        for entry in listed {
            guard let name = entry["name"]?.string, let bytes = entry["bytes"]?.int,
                let sha256 = entry["sha256"]?.string
            else { return nil }
            files.append(ManifestEntry(name: name, bytes: bytes, sha256: sha256))
        }
        let expected = [CheckpointLayout.model, CheckpointLayout.optimizer, CheckpointLayout.state]
        guard files.map(\.name) == expected else { return nil }
        return CheckpointRecord(
            step: step, files: files, reason: value["kept_because"]?.string.flatMap(CheckpointReason.init))
    }
}

extension ReportedSeries {
    /// The member `reported` of `state.json`.
    fileprivate var json: JSON {
        var series: JSON = [:]
        for (name, points) in points {
            series[name] = [
                "steps": .array(points.map { JSON($0.step) }), "values": .array(points.map { Self.json($0.value) }),
            ]
        }
        return [
            "loss": Self.json(lastLoss),
            "evaluation": .optional(evaluation) { evaluation in
                var values: JSON = [:]
                for (name, value) in evaluation.values { values[name] = Self.json(value) }
                return ["global_step": JSON(evaluation.step), "values": values]
            },
            "series": series,
        ]
    }

    /// Reads what ``json`` wrote, where a missing member is as good as null; nil for anything else.
    fileprivate init?(_ json: JSON) {
        guard json.object != nil, let lastLoss = Self.number(json["loss"] ?? .null) else { return nil }
        var points: OrderedDictionary<String, [Point]> = [:]
        for (name, series) in json["series"]?.object ?? [:] {
            guard let steps = series["steps"]?.array?.map(\.int), let values = series["values"]?.array,
                steps.count == values.count
            else { return nil }
            points[name] = []
            for (step, value) in zip(steps, values) {
                guard let step, step >= 0, let value = Self.number(value) else { return nil }
                points[name]?.append(Point(step: step, value: value))
            }
        }
        var evaluation: Evaluation?
        if let last = json["evaluation"], !last.isNull {
            guard let step = last["global_step"]?.int, step >= 0, let members = last["values"]?.object else {
                return nil
            }
            var values: OrderedDictionary<String, Double?> = [:]
            for (name, value) in members {
                guard let value = Self.number(value) else { return nil }
                values.updateValue(value, forKey: name)
            }
            evaluation = Evaluation(step: step, values: values)
        }
        self.init(lastLoss: lastLoss, evaluation: evaluation, points: points)
    }

    private static func json(_ value: Double?) -> JSON { .optional(value) { JSON($0) } }

    /// A number or null; the outer nil for anything else.
    private static func number(_ json: JSON) -> Double?? {
        if json.isNull { return .some(nil) }
        guard let value = json.double else { return nil }
        return .some(value)
    }
}
