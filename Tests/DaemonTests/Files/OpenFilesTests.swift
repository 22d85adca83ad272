import API
import Daemon
import Glibc
import HTTP
import Testing

@Suite struct OpenFilesTests {
    @Test func noMoreAreOpenThanMay() throws {
        let files = OpenFiles(limit: 2)
        func opened() -> Int32 { open("/dev/null", O_RDONLY | O_CLOEXEC) }
        var bodies = [
            try files.body(adopting: opened(), length: 0), try files.body(adopting: opened(), length: 0),
        ]
        #expect(files.count == 2)
        let third = opened()
        do throws(Problem) {
            _ = try files.body(adopting: third, length: 0)
            Issue.record("a third one is open")
        } catch {
            #expect(error.status == 503)
        }
        // It was closed all the same, and does not count.
        #expect(fcntl(third, F_GETFD) == -1 && errno == EBADF)
        #expect(files.count == 2)
        bodies.removeLast()
        #expect(files.count == 1)
        _ = try files.body(adopting: opened(), length: 0)
        bodies.removeAll()
        #expect(files.count == 0)
    }
}
