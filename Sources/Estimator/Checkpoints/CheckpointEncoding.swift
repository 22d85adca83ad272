import Formats

/// The bytes of a checkpoint's files: the same values give the same bytes, and nothing in them tells of the job, the
/// time or the machine.
enum CheckpointEncoding {
    /// Arrays in a safetensors file, which lays them out the same way whatever their order here.
    static func safetensors(_ arrays: [NamedArray]) -> [UInt8] {
        Safetensors(tensors: NamedArray.dictionary(arrays)).serialized()
    }

    /// Arrays of a safetensors file, nil when the bytes are no such file.
    static func arrays(_ bytes: [UInt8]) -> [NamedArray]? {
        guard let file = try? Safetensors(parsing: bytes) else { return nil }
        return file.tensors.map { NamedArray(name: $0.key, array: $0.value) }
    }

    /// `state.json`.
    static func state(_ state: CheckpointState) -> [UInt8] {
        let value: JSON = [
            "version": 1,
            "global_step": JSON(state.globalStep),
            "data": ["consumed_batches": JSON(state.consumedBatches)],
            "seed": JSON(state.seed),
        ]
        return value.serialized(pretty: true)
    }

    /// `state.json` read back; nil when a member is missing or of another version.
    static func state(parsing bytes: [UInt8]) -> CheckpointState? {
        guard let value = try? JSON(parsing: bytes), value["version"]?.int == 1,
            let globalStep = value["global_step"]?.int,
            let consumed = value["data"]?["consumed_batches"]?.int,
            let seed = value["seed"]?.number?.uint64
        else { return nil }
        return CheckpointState(globalStep: globalStep, consumedBatches: consumed, seed: seed)
    }

    /// `manifest.json`.
    static func manifest(step: Int, files: [CheckpointFile]) -> [UInt8] {
        let value: JSON = [
            "version": 1,
            "step": JSON(step),
            "files": .array(
                files.map {
                    ["name": JSON($0.name), "bytes": JSON($0.bytes), "sha256": JSON($0.sha256)]
                }),
        ]
        return value.serialized(pretty: true)
    }

    /// The files that a manifest lists; nil unless it is this step's and lists exactly a checkpoint's files.
    static func files(manifest: [UInt8], step: Int) -> [CheckpointFile]? {
        guard let value = try? JSON(parsing: manifest), value["version"]?.int == 1, value["step"]?.int == step,
            let listed = value["files"]?.array
        else { return nil }
        var files: [CheckpointFile] = []
        for entry in listed {
            guard let name = entry["name"]?.string, let bytes = entry["bytes"]?.int,
                let sha256 = entry["sha256"]?.string
            else { return nil }
            files.append(CheckpointFile(name: name, bytes: bytes, sha256: sha256))
        }
        let expected = [CheckpointLayout.model, CheckpointLayout.optimizer, CheckpointLayout.state]
        return files.map(\.name) == expected ? files : nil
    }
}
