import Datasets
import Formats
import Foundation
import Keras
import OrderedCollections
import TestSupport
import Testing

/// No field is echoed and ignored: changing any value of a resolved specification changes what the job does, or is
/// refused.
@Suite struct FieldEffectTests {
    private static let roots = DataRoots([
        ProjectFiles.root.appending(path: "docs/examples/data").path,
        ProjectFiles.ownCases.appending(path: "field/data").path,
    ])

    private static func specs() throws -> [JSON] {
        let digits = try JSON(
            parsing: [UInt8](Data(contentsOf: ProjectFiles.root.appending(path: "docs/examples/digits-mlp.json"))))
        let cpu: JSON = [
            "mode": "train_and_evaluate", "use_tpu": false, "train_batch_size": 4, "params": ["width": 3],
            "run_config": ["save_checkpoints_secs": 60],
            "model": [
                ["Rescaling": ["scale": [0.5, 0.25], "offset": 1, "input_shape": [2]]],
                ["Dense": ["units": 3, "activation": "tanh", "kernel_initializer": "HeNormal", "use_bias": true]],
                ["Activation": ["activation": "relu"]],
            ],
            "loss": ["SparseCategoricalCrossentropy": ["from_logits": true]],
            "optimizer": [
                "Adam": ["learning_rate": 0.01, "beta_1": 0.8, "epsilon": 1e-6, "amsgrad": true, "decay": 0.5]
            ],
            "metrics": ["accuracy"],
            "train": [
                "max_steps": 2, "class_weight": ["0": 0.5, "2": 2],
                "input": [
                    "source": ["csv": ["path": "ten.csv", "label": "label", "features": ["a", "b"]]],
                    "map": [["scale": 0.5], ["normalize": ["mean": [1, 2], "std": [3, 4]]]],
                    "shuffle": ["buffer_size": 5], "repeat": 2, "drop_remainder": false,
                ],
            ],
            "evaluate": [
                "steps": 1, "input": ["source": ["csv": ["path": "five.csv", "label": "label"]], "batch_size": 2],
            ],
        ]
        return [digits, cpu]
    }

    /// Fields whose change may change nothing, with the reason.
    private static func isIdle(_ pointer: String, _ spec: JSON) -> Bool {
        // The types of CSV columns are shown as they follow from the loss.
        if pointer.contains("/source/csv/dtypes") { return true }
        // An estimator has all of its batch sizes, whatever is done with it.
        if pointer == "/predict_batch_size", spec["predict"] == nil { return true }
        // Without a TPU there are no cores, nothing is reduced over them, and a run is one step.
        let ofCores = [
            "/cross_shard_optimizer", "/cross_shard_reduction", "/tpu_config/num_shards",
            "/tpu_config/iterations_per_loop",
        ]
        return spec["use_tpu"]?.bool == false && ofCores.contains(pointer)
    }

    private static func read(_ spec: JSON) -> JobDefinition? {
        JobDefinition.read(spec, roots: roots, faults: SpecErrors())
    }

    /// Other values for one: of the same kind, and for null of every kind.
    private static func others(_ value: JSON) -> [JSON] {
        switch value {
        case .null: [1, "x", true, ["a"], ["a": 1]]
        case .bool(let value): [JSON(!value)]
        case .number(let number):
            (number.int.map { [JSON($0 + 1), JSON($0 * 2 + 8), JSON(max(0, $0 - 1))] } ?? [])
                + [JSON((number.double ?? 0) * 0.5 + 0.125)]
        case .string(let text): [JSON(text + "x"), "relu", "float64"]
        case .array(let elements): [.array(elements + elements), []]
        case .object: []
        }
    }

    private static func leaves(_ value: JSON, _ way: [String] = []) -> [(way: [String], value: JSON)] {
        if let members = value.object, !members.isEmpty {
            return members.flatMap { leaves($0.value, way + [$0.key]) }
        }
        if let elements = value.array, elements.contains(where: { $0.object != nil || $0.array != nil }) {
            return elements.enumerated().flatMap { leaves($0.element, way + [String($0.offset)]) }
        }
        return [(way, value)]
    }

    @Test func everyFieldIsHonouredOrRefused() throws {
        for spec in try Self.specs() {
            let job = try #require(Self.read(spec))
            let resolved = JSON.object(job.canonical)
            let effect = try #require(Self.read(resolved)).effect
            #expect(effect == job.effect)
            let leaves = Self.leaves(resolved)
            #expect(leaves.count > 40)
            for (way, value) in leaves {
                let pointer = "\(JSONPointer(tokens: way))"
                if Self.isIdle(pointer, spec) { continue }
                for other in Self.others(value) where other != value {
                    let changed = Self.read(SpecMutations.setting(resolved, way, other))
                    #expect(changed?.effect != effect, "\(pointer) is \(value); \(other) is taken and changes nothing")
                }
            }
        }
    }
}
