import Glibc
import Reactor

/// Runs `body` beside a reactor on its own thread, which is stopped and joined afterwards.
func withReactor<Value>(
    clock: any ReactorClock = SystemClock(), _ body: (Reactor) async throws -> Value
) async throws -> Value {
    let reactor = try Reactor(clock: clock)
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

/// A generator whose seed a failing test prints.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
