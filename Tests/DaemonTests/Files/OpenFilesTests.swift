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
        // One end of a socket, whose other end tells when it is closed: a descriptor's number may be another file's.
        var pair: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair) == 0)
        defer { close(pair[0]) }
        let third = pair[1]
        do throws(Problem) {
            _ = try files.body(adopting: third, length: 0)
            Issue.record("a third one is open")
        } catch {
            #expect(error.status == 503)
        }
        // It was closed all the same, and does not count.
        var end = pollfd(fd: pair[0], events: 0, revents: 0)
        #expect(poll(&end, 1, 10_000) == 1 && end.revents & Int16(POLLHUP) != 0)
        #expect(files.count == 2)
        bodies.removeLast()
        #expect(files.count == 1)
        _ = try files.body(adopting: opened(), length: 0)
        bodies.removeAll()
        #expect(files.count == 0)
    }
}
