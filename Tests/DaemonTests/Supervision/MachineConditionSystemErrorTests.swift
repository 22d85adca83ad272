import Daemon
import Glibc
import Jobs
import Reactor
import Testing

@Suite struct MachineConditionSystemErrorTests {
    @Test(arguments: [
        (ENOSPC, MachineCondition.diskFull), (EDQUOT, .diskFull), (EMFILE, .resources), (ENFILE, .resources),
        (ENOMEM, .resources), (EAGAIN, .resources), (EIO, .ioError), (EROFS, .ioError), (EACCES, .ioError),
    ]) func aFailedCallIsTheMachines(code: Int32, condition: MachineCondition) {
        #expect(MachineCondition(SystemError(call: "open", code: code)) == condition)
    }
}
