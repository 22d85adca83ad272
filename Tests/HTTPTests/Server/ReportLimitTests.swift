import Reactor
import Testing

import HTTP

@Suite struct ReportLimitTests {
    @Test func oneASecondWithTheNumberSince() {
        var limit = ReportLimit()
        let told = (0..<2_500).map { limit.note(at: MonotonicInstant(nanoseconds: UInt64($0) * 1_000_000)) }
        #expect(told.compactMap { $0 } == [1, 1_000, 1_000])
    }
}
