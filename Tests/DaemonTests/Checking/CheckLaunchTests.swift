import Daemon
import Glibc
import Reactor
import Testing

/// What the end of a check's process, or that there was none, means.
@Suite struct CheckLaunchTests {
    @Test(arguments: [
        (ChildExit.exited(0), false, CheckFailure.ended(.exited(0))), (.exited(3), false, .ended(.exited(3))),
        // CheckExitStatus.exhausted
        (.exited(4), false, .tooMuchMemory), (.signaled(SIGXCPU), false, .tooMuchTime),
        (.signaled(SIGKILL), true, .tooMuchMemory), (.signaled(SIGKILL), false, .ended(.signaled(SIGKILL))),
        (.signaled(SIGSEGV), true, .ended(.signaled(SIGSEGV))), (.exited(1), true, .ended(.exited(1))),
    ])
    func howItEnded(exit: ChildExit, wasKilledForMemory: Bool, failure: CheckFailure) {
        #expect(CheckFailure(exit, wasKilledForMemory: wasKilledForMemory) == failure)
    }

    @Test(arguments: [
        (EMFILE, true), (ENFILE, true), (ENOMEM, true), (EAGAIN, true), (ENOBUFS, true), (ENOENT, false),
        (EACCES, false), (EPERM, false),
    ])
    func thatItWasNotStarted(code: Int32, isShortage: Bool) {
        let error = SystemError(call: "fork", code: code)
        for failure in [CheckFailure(notStarted: error), CheckFailure(.notStarted(error), wasKilledForMemory: true)] {
            #expect(failure == (isShortage ? .shortage("\(error)") : .notStarted("\(error)")))
        }
    }
}
