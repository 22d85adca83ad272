import HTTP
import Testing

@Suite struct AcceptPolicyTests {
    @Test func outOfDescriptorsPausesLongerAndLonger() {
        var policy = AcceptPolicy()
        let full = SystemErrors.full
        var pauses: [AcceptPolicy.Verdict] = []
        for _ in 0..<7 { pauses.append(policy.failed(full)) }
        let expected = [50, 100, 200, 400, 800, 1_000, 1_000].map { AcceptPolicy.Verdict.pause(.milliseconds($0)) }
        #expect(pauses == expected)
        policy.succeeded()
        let again = policy.failed(full)
        #expect(again == .pause(.milliseconds(50)))
    }

    @Test func aLostConnectionIsNoReasonToPauseUnlessAllAre() {
        var policy = AcceptPolicy()
        var verdicts: [AcceptPolicy.Verdict] = []
        for _ in 0..<100 { verdicts.append(policy.failed(SystemErrors.lost)) }
        #expect(verdicts.prefix(99).allSatisfy { $0 == .goOn })
        #expect(verdicts.last == .pause(.seconds(1)))
    }
}
