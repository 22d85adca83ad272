import Formats
import Foundation
import KerasFiles
import OrderedCollections
import TestSupport
import Testing

/// A Keras user's way: a model that Keras saved is submitted, started from, trained, and written back as Keras wrote it.
@Suite(.timeLimit(.minutes(2))) struct ModelFileTests {
    private static let files = ProjectFiles.root.appending(path: "Tests/Fixtures/keras-files").path
    private let daemon: DaemonProcess
    private let folder: DaemonProcess.StateFolder

    init() throws {
        daemon = try DaemonProcess(["--workers", "1"], data: Self.files)
        folder = try DaemonProcess.StateFolder()
    }

    private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        try Binary.run(Binary.tpuctl, arguments + ["--url", "http://127.0.0.1:\(daemon.port)"])
    }

    private func write(_ name: String, _ json: JSON) throws -> String {
        let path = "\(folder.path)/\(name)"
        try Data(json.serialized()).write(to: URL(filePath: path))
        return path
    }

    /// A job that trains so slowly that nothing changes but the statistics.
    private func job(start: String?) -> JSON {
        var job = Jobs.tiny()
        job["model"] = nil
        job["loss"] = "mean_squared_error"
        job["optimizer"] = ["SGD": ["learning_rate": 0]]
        job["train"]?["input"] = [
            "source": [
                "synthetic": [
                    "features": ["shape": [4, 3]], "labels": ["shape": [1], "dtype": "float32"], "examples": 64,
                ]
            ]
        ]
        if let start { job["warm_start_from"] = ["path": .string(start)] }
        return job
    }

    @Test func aModelGoesInAndComesBackAsItWas() throws {
        let original = "\(Self.files)/wide3.keras"
        let spec = try write("job.json", job(start: "wide3.keras"))
        let submitted = try run(["submit", spec, "--model", original, "--wait"])
        #expect(submitted.status == 0, "\(submitted.output)")
        let place = "\(folder.path)/out.keras"
        let exported = try run(["export", "tiny", "-o", place])
        try #require(exported.status == 0 && exported.output == place + "\n", "\(exported.output)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["job.json", "out.keras"])

        let wanted = try WeightsFile(OpenFile(path: original))
        let found = try WeightsFile(OpenFile(path: place))
        #expect(found.entries == wanted.entries)
        // Those that training computes in any case: the moving mean and variance of inner/batch_normalization.
        let statistics = ["1", "2"].map { "layers/sequential/layers/batch_normalization/vars/\($0)" }
        for path in wanted.entries.keys where !statistics.contains(path) {
            #expect(try found.floats(path) == wanted.floats(path), "\(path)")
        }
        #expect(
            try KerasArchive.model(of: OpenFile(path: place)) == KerasArchive.model(of: OpenFile(path: original)))
    }

    @Test func whatCannotGoInOrOutIsTold() throws {
        let spec = try write("job.json", job(start: nil))
        let hdf5 = try run(["submit", spec, "--model", "\(Self.files)/narrow3.h5"])
        #expect(hdf5.status == 2 && hdf5.output.contains("is an HDF5 file"), "\(hdf5.output)")
        let missing = try run(["submit", spec, "--model", "\(folder.path)/none.keras"])
        #expect(missing.status == 2 && missing.output.contains("none.keras: does not exist"), "\(missing.output)")

        #expect(try run(["submit", try write("tiny.json", Jobs.tiny()), "--wait"]).status == 0)
        let short = try run(["export", "tiny", "-o", "\(folder.path)/out.keras"])
        #expect(short.status == 4 && short.output.contains("is not JSON of Keras 3"), "\(short.output)")
        let name = try run(["export", "tiny", "-o", "out.h5"])
        #expect(name.status == 2 && name.output.contains("must name a .keras or a .onnx file"), "\(name.output)")
    }
}
