import Datasets
import Formats
import Foundation
import Keras
import OrderedCollections
import TestSupport
import Testing

/// No layer ends the process that reads, builds and plans it, whatever numbers it holds: those of `Tests/Fixtures/layers`, in a
/// job of their own, with changed configurations, inputs and batches.
///
/// `TPUD_SPEC_FUZZ_SECONDS` goes on for so long, with seeds of chance.
@Suite struct LayerPropertyTests {
    /// A layer's class and configuration, and rows that it takes.
    private struct Case {
        let className: String
        let config: JSON
        let row: [Int]
    }

    private static func cases() throws -> [Case] {
        var cases: [Case] = []
        for name in ["keras", "recurrent", "attention"] {
            let path = ProjectFiles.root.appending(path: "Tests/Fixtures/layers/\(name).json")
            for one in try #require(try JSON(parsing: [UInt8](Data(contentsOf: path)))["cases"]?.array) {
                let inputs = try #require(one["inputs"]?.array)
                let className = try #require((one["class_name"] ?? one["class"])?.string)
                let config = try #require(one["config"])
                cases.append(
                    Case(
                        className: className, config: config,
                        row: try #require(inputs.first?["shape"]?.array).compactMap(\.int).dropFirst().map { $0 }))
            }
        }
        return cases
    }

    /// A job that trains the layer and a Dense behind it, on rows of a shape.
    private static func job(_ one: Case, _ config: JSON, row: [Int], batch: Int) -> JSON {
        var config = config
        config["name"] = "layer"
        return [
            "mode": "train", "train_batch_size": JSON(batch), "use_tpu": JSON(batch % 2 == 1),
            "tpu_config": ["num_shards": 1, "iterations_per_loop": 1],
            "model": [
                ["class_name": JSON(one.className), "config": config], ["Flatten": [:]], ["Dense": ["units": 2]],
            ],
            "loss": "mse", "optimizer": "adam",
            "train": [
                "max_steps": 1,
                "input": [
                    "source": [
                        "synthetic": ["features": ["shape": JSON(row)], "labels": ["shape": [2]], "examples": 8]
                    ]
                ],
            ],
        ]
    }

    /// Numbers of extents and batches, the largest of which nothing holds.
    private static let extents = [1, 2, 3, 7, 64, 1_000, 65_536, 1 << 20, 1 << 24, (1 << 31) - 1]

    /// Reads, builds and plans; how far that went.
    private static func tried(_ spec: JSON) -> (isRead: Bool, isPlanned: Bool) {
        guard let job = JobDefinition.read(spec, roots: DataRoots([]), faults: SpecErrors()) else {
            return (false, false)
        }
        // A model that fits no program is refused with what this throws.
        return (true, (try? job.check()) != nil && (try? job.plan().json) != nil)
    }

    /// Everything that mutates below is a job that is planned as it is.
    @Test func eachLayerIsPlanned() throws {
        var planned = 0
        for one in try Self.cases() where one.row.count >= 1 {
            if Self.tried(Self.job(one, one.config, row: one.row, batch: 2)).isPlanned { planned += 1 }
        }
        // Of several inputs or with masks as inputs, a layer alone is no model.
        #expect(planned > 140)
    }

    private func run(seed: UInt64, rounds: Int, until end: ContinuousClock.Instant? = nil) throws {
        print("layers of seed \(seed)")
        var mutations = SpecMutations(seed: seed)
        var random = SeededGenerator(seed: seed &+ 1)
        let file = ProjectFiles.root.appending(path: ".build/layer-fuzz.json")
        for _ in 0..<rounds {
            for one in try Self.cases() {
                if let end, ContinuousClock.now >= end { return }
                var row = one.row
                if random.below(3) == 0, !row.isEmpty {
                    row[random.below(row.count)] = Self.extents[random.below(Self.extents.count)]
                }
                let batch = random.below(3) == 0 ? Self.extents[random.below(Self.extents.count)] : 2
                let config = random.below(8) == 0 ? one.config : mutations.mutated(one.config)
                let spec = Self.job(one, config, row: row, batch: batch)
                if end != nil { try Data(spec.serialized()).write(to: file) }
                _ = Self.tried(spec)
            }
        }
    }

    @Test(arguments: 1..<3 as Range<UInt64>) func nothingTraps(seed: UInt64) throws { try run(seed: seed, rounds: 2) }

    @Test(.enabled(if: seconds > 0)) func nothingTrapsForLonger() throws {
        try run(
            seed: UInt64.random(in: 0 ... .max), rounds: .max, until: ContinuousClock.now + .seconds(Self.seconds))
    }

    private static let seconds =
        ProcessInfo.processInfo.environment["TPUD_SPEC_FUZZ_SECONDS"].flatMap { Double($0) } ?? 0
}
