import Estimator
import Testing

/// What a refused call on the disk tells.
@Suite struct CheckpointFilesTests {
    /// The last component and nothing above it: a client may see it.
    @Test(arguments: [
        ("/somewhere/secret/model.safetensors", "model.safetensors"), ("model.safetensors", "model.safetensors"),
        ("/somewhere/secret/12/", "12"), ("a//b", "b"), ("/", "/"), ("", ""),
    ]) func theNameAlone(path: String, name: String) {
        let fault = CheckpointFileError("write", path, code: 28)
        #expect(fault.name == name && fault.systemError == 28)
        #expect(fault.description == "write \(name): No space left on device")
        #expect(!fault.description.contains("secret"))
    }

    @Test func differentFaults() {
        let fault = CheckpointFileError("write", "a", code: 5)
        #expect(fault == CheckpointFileError("write", "/b/a", code: 5))
        #expect(
            fault != CheckpointFileError("open", "a", code: 5) && fault != CheckpointFileError("write", "a", code: 6))
        #expect(CheckpointFileError("open", "a", code: 5).description == "open a: Input/output error")
    }
}
