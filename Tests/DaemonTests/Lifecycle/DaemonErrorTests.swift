import Daemon
import Glibc
import Jobs
import Reactor
import Store
import Testing

@Suite struct DaemonErrorTests {
    @Test func eachSaysWhatIsInTheWay() {
        let error = SystemError(call: "bind", code: EADDRINUSE)
        let errors: [(DaemonError, String)] = [
            (.system(error), "the system refuses what a daemon needs: bind: Address already in use (98)"),
            (.stateFolder(path: "/x", error), "the state folder /x can't be used: bind: Address already in use (98)"),
            (.store(.folderInUse(process: 7)), "\(StoreError.folderInUse(process: 7))"),
        ]
        for (error, words) in errors { #expect(error.description == words) }
    }
}
