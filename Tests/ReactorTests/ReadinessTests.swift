import CLinux
import Reactor
import Testing

@Suite struct ReadinessTests {
    /// Each of epoll's bits, and what it says: readable, writable, peer closed, broken.
    @Test(
        arguments: [
            (clinux_epollin, [true, false, false, false]), (clinux_epollout, [false, true, false, false]),
            (clinux_epollrdhup, [false, false, true, false]), (clinux_epollhup, [false, false, false, true]),
            (clinux_epollerr, [false, false, false, true]), (0, [false, false, false, false]),
            (clinux_epollin | clinux_epollrdhup | clinux_epollerr, [true, false, true, true]),
            (clinux_epollet, [false, false, false, false]),
        ] as [(UInt32, [Bool])])
    func saysWhatEpollSays(bits: UInt32, expected: [Bool]) {
        let readiness = Readiness(rawValue: bits)
        let found = [readiness.isReadable, readiness.isWritable, readiness.isPeerClosed, readiness.isBroken]
        #expect(found == expected)
        // The names of the set agree with the questions.
        #expect(
            found == [
                readiness.contains(.readable), readiness.contains(.writable), readiness.contains(.peerClosed),
                !readiness.isDisjoint(with: [.hungUp, .failed]),
            ])
    }
}
