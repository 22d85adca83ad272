import Estimator
import Glibc
import Testing

@Suite struct MachineErrorTests {
    @Test(arguments: [
        (ENOSPC, MachineError.Kind.diskFull), (EDQUOT, .diskFull), (EIO, .inputOutput), (EROFS, .inputOutput),
        (ESTALE, .inputOutput), (EMFILE, .resources), (ENFILE, .resources), (ENOMEM, .resources),
        (EAGAIN, .resources),
    ])
    func conditionsOfTheMachine(code: Int32, kind: MachineError.Kind) throws {
        let error = try #require(MachineError(code, while: "writing a checkpoint"))
        #expect(error.kind == kind && error.code == code)
        #expect(error.description.contains("writing a checkpoint failed"))
        #expect(error.description.contains(String(cString: strerror(code))))
        // The same by way of the call that was refused.
        #expect(MachineError(CheckpointFileError("write", "f", code: code), while: error.activity) == error)
    }

    /// What the job itself or its configuration is to blame for.
    @Test(arguments: [ENOENT, EACCES, EPERM, EISDIR, ENOTDIR, ENAMETOOLONG, EINVAL, 0, -1])
    func otherErrors(code: Int32) {
        #expect(MachineError(code, while: "x") == nil)
        #expect(MachineError(CheckpointFileError("open", "f", code: code), while: "x") == nil)
    }

    @Test func errorsWithoutACode() { #expect(MachineError(TestFailure("other"), while: "x") == nil) }
}
