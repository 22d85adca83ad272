import Estimator
import Formats
import Testing

@Suite struct CheckpointStoreTests {
    private func checkpoint(_ step: Int) -> Checkpoint {
        Checkpoint(
            step: step,
            variables: [
                NamedArray(name: "dense/kernel", array: NDArray([Float(step), 2, 3, 4], shape: [2, 2])),
                NamedArray(name: "dense/bias", array: NDArray([Float(step), -1])),
            ],
            slots: [NamedArray(name: "dense/bias/Momentum", array: NDArray([Float(0.5), Float(step)]))],
            state: SavedState(globalStep: step, consumedBatches: step / 2, seed: .max))
    }

    @Test func comesBackAsItWas() throws {
        let folder = try TemporaryFolder()
        let store = CheckpointStore(modelDirectory: folder.path + "/jobs/a")
        let (record, removed) = try store.save(checkpoint(7), reason: .interval)
        #expect(removed.isEmpty)
        #expect(record.step == 7 && record.reason == .interval)
        #expect(
            record.files.map(\.name) == ["model.safetensors", "optimizer.safetensors", "state.json", "manifest.json"])
        for file in record.files {
            let bytes = try folder.bytes("jobs/a/checkpoints/7/\(file.name)")
            #expect(file.bytes == bytes.count && file.sha256 == SHA256Digest.hex(of: bytes))
        }
        #expect(record.modelSHA256 == record.files[0].sha256)
        let back = try #require(try store.latestGood())
        #expect(back.state == checkpoint(7).state)
        #expect(back.variables.map(\.name).sorted() == ["dense/bias", "dense/kernel"])
        #expect(back.slots.map(\.array) == checkpoint(7).slots.map(\.array))
        #expect(try store.records().map(\.files) == [record.files])
    }

    @Test func sameValuesGiveTheSameBytes() throws {
        let (one, other) = (try TemporaryFolder(), try TemporaryFolder())
        var turned = checkpoint(5)
        turned.variables.reverse()
        let first = try CheckpointStore(modelDirectory: one.path).save(checkpoint(5), reason: .interval).record
        let second = try CheckpointStore(modelDirectory: other.path).save(turned, reason: .interval).record
        #expect(first.files == second.files)
    }

    @Test(arguments: [0, 1, 3]) func keepsTheNewest(keepMax: Int) throws {
        let folder = try TemporaryFolder()
        let store = CheckpointStore(modelDirectory: folder.path, keepMax: keepMax)
        var removed: [Int] = []
        for step in stride(from: 10, through: 100, by: 10) {
            removed += try store.save(checkpoint(step), reason: .interval).removed
        }
        let kept = keepMax == 0 ? 10 : keepMax
        #expect(try store.steps() == Array([100, 90, 80, 70, 60, 50, 40, 30, 20, 10].prefix(kept)))
        #expect(removed == [10, 20, 30, 40, 50, 60, 70, 80, 90, 100].dropLast(kept))
    }

    @Test func keepsTheOneJustWrittenThoughOthersAreNewer() throws {
        let folder = try TemporaryFolder()
        let store = CheckpointStore(modelDirectory: folder.path, keepMax: 1)
        _ = try store.save(checkpoint(50), reason: .interval)
        let removed = try store.save(checkpoint(40), reason: .interval).removed
        #expect(removed == [50])
        #expect(try store.steps() == [40])
    }

    @Test func replacesTheSameStep() throws {
        let folder = try TemporaryFolder()
        let store = CheckpointStore(modelDirectory: folder.path)
        _ = try store.save(checkpoint(4), reason: .interval)
        try folder.put([1, 2, 3], "checkpoints/4/model.safetensors")
        #expect(try store.latestGood() == nil)
        _ = try store.save(checkpoint(4), reason: .interval)
        #expect(try store.latestGood()?.step == 4)
        #expect(try folder.names("checkpoints") == ["4"])
    }

    /// Every way in which the newest checkpoint can be damaged, and what is said about it.
    @Test(arguments: [
        ("model.safetensors", "SHA-256"), ("optimizer.safetensors", "SHA-256"), ("state.json", "SHA-256"),
        ("manifest.json", "can't be read"),
    ]) func passesOverDamage(file: String, words: String) throws {
        let folder = try TemporaryFolder()
        let store = CheckpointStore(modelDirectory: folder.path)
        for step in [10, 20] { _ = try store.save(checkpoint(step), reason: .interval) }
        let name = "checkpoints/20/\(file)"
        let good = try folder.bytes(name)
        for damage in ["bit", "short", "missing"] {
            switch damage {
            case "bit":
                var bytes = good
                bytes[bytes.count / 2] ^= file == "manifest.json" ? 0x80 : 1
                try folder.put(bytes, name)
            case "short": try folder.put(Array(good.dropLast()), name)
            default: try folder.remove(name)
            }
            var faults: [String] = []
            let found = try store.latestGood { step, fault in faults.append("\(step) \(fault)") }
            #expect(found?.step == 10, "\(damage)")
            #expect(faults.count == 1 && faults[0].hasPrefix("20 \(file)"), "\(damage): \(faults)")
            if damage == "bit" { #expect(faults[0].contains(words)) }
            #expect(try store.checkpoint(at: 20) == nil)
            try folder.put(good, name)
        }
        #expect(try store.latestGood()?.step == 20)
    }

    @Test func skipsNamesThatAreNotSteps() throws {
        let folder = try TemporaryFolder()
        let store = CheckpointStore(modelDirectory: folder.path)
        #expect(try store.latestGood() == nil)
        _ = try store.save(checkpoint(1), reason: .interval)
        try folder.put([], "checkpoints/notes.txt")
        try folder.put([], "checkpoints/9")
        try folder.put([], "checkpoints/007")
        #expect(try store.steps() == [9, 1])
        #expect(try store.latestGood()?.step == 1)
    }

    /// Fails at each effect of a save in turn: the store then holds the old checkpoint, or the whole new one.
    @Test(arguments: [false, true]) func neverLosesTheLastGood(isReplacing: Bool) throws {
        let step = isReplacing ? 1 : 2
        var effects = 0
        while true {
            let folder = try TemporaryFolder()
            _ = try CheckpointStore(modelDirectory: folder.path, keepMax: 1).save(checkpoint(1), reason: .interval)
            let files = FailingFiles(effects: effects)
            let failing = CheckpointStore(modelDirectory: folder.path, keepMax: 1, files: files)
            let isSaved = (try? failing.save(checkpoint(step), reason: .interval)) != nil
            let reopened = CheckpointStore(modelDirectory: folder.path, keepMax: 1)
            let found = try #require(try reopened.latestGood(), "after \(effects) effects nothing is left")
            #expect(found.step == 1 || found.step == step)
            if isSaved { #expect(found.step == step, "after \(effects) effects") }
            // What is left over does not disturb the next save.
            _ = try reopened.save(checkpoint(3), reason: .interval)
            #expect(try reopened.latestGood()?.step == 3)
            #expect(try folder.names("checkpoints") == ["3"])
            if isSaved, files.effectsLeft > 0 { break }
            effects += 1
        }
        #expect(effects > 10, "a save has more than \(effects) effects")
    }
}
