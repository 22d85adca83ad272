import Daemon
import Logging
import Reactor
import Testing

@Suite struct RepeatedErrorsTests {
    private func at(_ seconds: Int) -> MonotonicInstant { MonotonicInstant(nanoseconds: 0) + .seconds(seconds) }

    @Test func theSameErrorIsLoggedOnceAMinuteWithItsCount() {
        let errors = RepeatedErrors(log: Logger(label: "test"))
        #expect(errors.count("a", at: at(1)) == 0)
        for second in 2..<61 { #expect(errors.count("a", at: at(second)) == nil) }
        #expect(errors.count("b", at: at(60)) == 0)
        #expect(errors.count("a", at: at(61)) == 59)
        #expect(errors.count("a", at: at(62)) == nil)
        #expect(errors.count("a", at: at(200)) == 1)
    }

    @Test func manyKindsTakeNoMoreMemory() {
        let errors = RepeatedErrors(log: Logger(label: "test"))
        for kind in 0..<5000 { #expect(errors.count("\(kind)", at: at(1)) == 0) }
    }
}
