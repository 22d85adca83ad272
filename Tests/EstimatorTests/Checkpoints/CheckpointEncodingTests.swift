import Estimator
import Formats
import OrderedCollections
import TestSupport
import Testing

/// `state.json` and `manifest.json`: what is written is read back, and nothing else is taken for it.
@Suite struct CheckpointEncodingTests {
    @Test func statesComeBack() {
        let seed: UInt64 = 19
        var random = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            var reported = ReportedSeries(lastLoss: random.below(2) == 0 ? nil : Double(random.below(100)) / 7)
            for step in 1...(random.below(5) + 1) {
                reported.add(loss: random.below(4) == 0 ? .nan : Double(step) / 3, step: step)
            }
            if random.below(2) == 0 {
                reported.add(ReportedSeries.Evaluation(step: 9, values: ["loss": 0.5, "accuracy": nil]))
            }
            let step = random.below(1_000_000)
            let state = SavedState(
                globalStep: step, consumedBatches: random.below(step + 1), seed: random.next(), reported: reported)
            #expect(CheckpointEncoding.state(parsing: CheckpointEncoding.state(state)) == state, "seed \(seed)")
        }
    }

    /// A state with one member changed.
    @Test(arguments: [
        ("version", "2"), ("version", "null"), ("global_step", "-1"), ("global_step", "2"), ("global_step", "1.5"),
        ("data", "{}"), ("data", #"{"consumed_batches": -1}"#), ("data", #"{"consumed_batches": 6}"#),
        ("seed", "-1"), ("seed", "18446744073709551616"), ("seed", "\"5\""), ("reported", "[]"),
        ("reported", #"{"loss": "low"}"#), ("reported", #"{"series": {"loss": {"steps": [1], "values": []}}}"#),
        ("reported", #"{"series": {"loss": {"steps": [-1], "values": [1]}}}"#),
        ("reported", #"{"evaluation": {"global_step": 1}}"#),
        ("reported", #"{"evaluation": {"global_step": 1, "values": {"loss": true}}}"#),
    ])
    func otherStates(member: String, value: String) throws {
        let bytes = CheckpointEncoding.state(SavedState(globalStep: 5, consumedBatches: 5, seed: 5))
        var json = try JSON(parsing: bytes)
        #expect(CheckpointEncoding.state(parsing: bytes) != nil)
        json[member] = try JSON(parsing: Array(value.utf8))
        #expect(CheckpointEncoding.state(parsing: json.serialized()) == nil)
    }

    /// Checkpoints of the first versions say nothing of what was reported.
    @Test func aStateWithoutReports() throws {
        let text = #"{"version": 1, "global_step": 5, "data": {"consumed_batches": 3}, "seed": 18446744073709551615}"#
        let state = try #require(CheckpointEncoding.state(parsing: Array(text.utf8)))
        #expect(state == SavedState(globalStep: 5, consumedBatches: 3, seed: .max))
        #expect(CheckpointEncoding.state(parsing: Array("{".utf8)) == nil)
    }

    private let record = CheckpointRecord(
        step: 8,
        files: ["model.safetensors", "optimizer.safetensors", "state.json"].map {
            ManifestEntry(name: $0, bytes: $0.utf8.count, sha256: SHA256Digest.hex(of: Array($0.utf8)))
        }, reason: .interval)

    @Test(arguments: [CheckpointReason.interval, .request, .final, .stop, nil])
    func manifestsComeBack(reason: CheckpointReason?) {
        var record = record
        record.reason = reason
        #expect(CheckpointEncoding.record(manifest: CheckpointEncoding.manifest(record), step: 8) == record)
        #expect(CheckpointEncoding.record(manifest: CheckpointEncoding.manifest(record), step: 9) == nil)
    }

    /// A manifest lists exactly a checkpoint's files, in their order.
    @Test func otherManifests() {
        var others: [CheckpointRecord] = []
        for index in record.files.indices {
            var lacking = record
            lacking.files.remove(at: index)
            var renamed = record
            renamed.files[index].name = "../\(record.files[index].name)"
            others += [lacking, renamed]
        }
        var turned = record
        turned.files.reverse()
        var more = record
        more.files.append(record.files[0])
        for other in others + [turned, more] {
            #expect(CheckpointEncoding.record(manifest: CheckpointEncoding.manifest(other), step: 8) == nil)
        }
        #expect(CheckpointEncoding.record(manifest: [], step: 8) == nil)
    }

    @Test func arraysComeBack() throws {
        let arrays = [
            NamedArray(name: "b", array: NDArray([Float(1), 2], shape: [2, 1])),
            NamedArray(name: "a", array: NDArray([Int64(3)], shape: [])),
        ]
        let bytes = CheckpointEncoding.safetensors(arrays)
        let back = try #require(CheckpointEncoding.arrays(bytes))
        #expect(NamedArray.dictionary(back).elements.count == 2)
        #expect(back.first { $0.name == "b" }?.array == arrays[0].array)
        #expect(bytes == CheckpointEncoding.safetensors(arrays.reversed()))
        #expect(CheckpointEncoding.arrays(Array(bytes.dropLast())) == nil)
    }
}
