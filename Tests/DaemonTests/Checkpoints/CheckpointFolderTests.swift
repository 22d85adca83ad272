import Daemon
import Formats
import Estimator
import Foundation
import Jobs
import Testing

/// The folder as a worker writes it and the daemon reads it.
@Suite struct CheckpointFolderTests {
    private let model: URL
    private let folder: CheckpointFolder
    private let written: Estimator.CheckpointRecord

    init() throws {
        model = FileManager.default.temporaryDirectory.appending(path: "tpud-checkpoints-\(UUID())")
        folder = CheckpointFolder(modelDirectory: model.path)
        written = try CheckpointStore(modelDirectory: model.path).save(
            Checkpoint(
                step: 20, variables: [], slots: [],
                state: SavedState(globalStep: 20, consumedBatches: 20, seed: 1)), reason: .stop
        ).record
    }

    private func end() { try? FileManager.default.removeItem(at: model) }

    @Test func readsWhatAWorkerWrote() throws {
        defer { end() }
        #expect(try folder.steps() == [20])
        let found = try #require(folder.complete(20))
        #expect(found.step == 20 && found.keptBecause == "STOP")
        #expect(found.files.map(\.name) == written.files.map(\.name))
        #expect(found.files.map(\.sha256) == written.files.map(\.sha256))
        #expect(found.files.map(\.bytes) == written.files.map(\.bytes))
        #expect(try folder.damage(found.files, step: 20) == nil)
        #expect(folder.complete(30) == nil)
        #expect(try CheckpointFolder(modelDirectory: "/nowhere").steps().isEmpty)
    }

    /// Each file in turn with one bit turned, one byte less, or gone.
    @Test func seesEveryDamage() throws {
        defer { end() }
        let files = try #require(folder.complete(20)).files
        for file in files {
            let path = URL(filePath: folder.path(of: file.name, step: 20))
            let good = try Data(contentsOf: path)
            var turned = good
            turned[turned.count / 2] ^= 1
            try turned.write(to: path)
            #expect(try folder.damage(files, step: 20)?.contains("\(file.name) does not match") == true)
            try good.dropLast().write(to: path)
            #expect(try folder.damage(files, step: 20)?.contains("\(file.name) has \(file.bytes - 1) bytes") == true)
            #expect(folder.complete(20) == nil)
            try FileManager.default.removeItem(at: path)
            #expect(try folder.damage(files, step: 20) == "\(file.name) is missing")
            #expect(folder.complete(20) == nil)
            try good.write(to: path)
        }
        #expect(try folder.damage(files, step: 20) == nil)
    }

    @Test func removes() throws {
        defer { end() }
        try FileManager.default.createDirectory(
            at: model.appending(path: "checkpoints/.30.unfinished"), withIntermediateDirectories: true)
        try Data([1]).write(to: model.appending(path: "checkpoints/.30.unfinished/model.safetensors"))
        try folder.removeUnfinished()
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: model.appending(path: "checkpoints").path) == ["20"])
        try folder.remove(20)
        try folder.remove(20)
        #expect(try folder.steps().isEmpty)
    }

    @Test func aFileThatWasTouchedHasAnotherStamp() throws {
        defer { end() }
        let path = folder.path(of: "model.safetensors", step: 20)
        let before = try #require(FileStamp(path: path))
        #expect(FileStamp(path: path) == before)
        let bytes = try Data(contentsOf: URL(filePath: path))
        try bytes.write(to: URL(filePath: path), options: .atomic)
        #expect(FileStamp(path: path) != before)
        #expect(FileStamp(path: model.path) == nil)
    }
}
