import Daemon
import Foundation
import Jobs
import Reactor
import Testing

@Suite struct DaemonClockTests {
    @Test func itsTimesAreThoseThatItIsGiven() {
        let clock = DaemonClock(monotonic: SystemClock(), bootID: "b", wall: { Timestamp(microseconds: 7) })
        #expect(clock.wall() == Timestamp(microseconds: 7))
        #expect(clock.now().wall == Timestamp(microseconds: 7))
        #expect(clock.bootID == "b")
        let (first, second) = (clock.now().monotonic, clock.now().monotonic)
        #expect(first.nanoseconds <= second.nanoseconds)
    }

    @Test func theBootIsTheKernels() throws {
        let kernel = try String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        #expect(DaemonClock.system.bootID == kernel.trimmingCharacters(in: .whitespacesAndNewlines))
        #expect(!DaemonClock.system.bootID.isEmpty)
    }
}
