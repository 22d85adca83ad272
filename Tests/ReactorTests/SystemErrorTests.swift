import Glibc
import Reactor
import Testing

@Suite struct SystemErrorTests {
    @Test func namesTheCallAndTheReason() {
        #expect(SystemError(call: "accept4", code: EMFILE).description == "accept4: Too many open files (24)")
    }

    @Test func tellsWhatTheMachineIsOutOf() {
        for code in [EMFILE, ENFILE, ENOBUFS, ENOMEM] {
            #expect(SystemError(call: "accept4", code: code).isOutOfDescriptors, "\(code)")
        }
        for code in [ECONNABORTED, EAGAIN, EINTR, EPROTO] {
            #expect(!SystemError(call: "accept4", code: code).isOutOfDescriptors, "\(code)")
        }
    }
}
