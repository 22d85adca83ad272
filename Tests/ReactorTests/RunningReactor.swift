import Glibc
import Reactor

/// Runs `body` beside a reactor on its own thread, which is stopped and joined afterwards.
func withReactor<Value>(
    clock: any ReactorClock = SystemClock(), _ body: (EventLoop) async throws -> Value
) async throws -> Value {
    let reactor = try EventLoop(clock: clock)
    let thread = try reactor.start(name: "test reactor")
    let result: Result<Value, any Error>
    do {
        result = .success(try await body(reactor))
    } catch {
        result = .failure(error)
    }
    reactor.stop()
    thread.join()
    return try result.get()
}

/// Two connected, non-blocking sockets.
func socketPair() throws -> (CInt, CInt) {
    var pair: [CInt] = [-1, -1]
    let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &pair) == 0 else { throw SystemError(call: "socketpair", code: errno) }
    return (pair[0], pair[1])
}
