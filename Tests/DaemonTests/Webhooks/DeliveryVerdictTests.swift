import Daemon
import Testing
import Transfer

@Suite struct DeliveryVerdictTests {
    @Test func anAnswerIsTakenAsItsStatusSays() {
        for status in [200, 201, 202, 204, 299] {
            #expect(DeliveryVerdict(status: status, retryAfter: nil) == .delivered(status: status))
        }
        for status in [301, 302, 303, 307, 308] {
            #expect(
                DeliveryVerdict(status: status, retryAfter: "5")
                    == .again(
                        status: status, notBefore: nil,
                        error: "the receiver answered \(status): redirections are not followed"))
        }
        for status in [0, 100, 199, 400, 401, 404, 429, 500, 503, 599, 999] {
            #expect(
                DeliveryVerdict(status: status, retryAfter: nil)
                    == .again(status: status, notBefore: nil, error: "the receiver answered \(status)"))
        }
        #expect(
            DeliveryVerdict(status: 410, retryAfter: nil)
                == .dead(status: 410, error: "the receiver answered 410: it wants no more"))
    }

    @Test(
        arguments: [
            ("0", 0), ("120", 120), ("999999999", 86_400), ("", nil), ("-1", nil), ("1.5", nil), ("+5", nil),
            ("9999999999", nil), ("Wed, 21 Oct 2026 07:28:00 GMT", nil),
        ] as [(String, Double?)])
    func theReceiverSaysWhenToComeBack(field: String, seconds: Double?) {
        guard case .again(503, let notBefore, _) = DeliveryVerdict(status: 503, retryAfter: field) else {
            Issue.record("it is tried again")
            return
        }
        #expect(notBefore == seconds)
    }

    /// What whoever may read deliveries is told: not which address a name leads to.
    @Test func aLackOfAnAnswerIsExplained() {
        for (code, words) in [
            (TransferError.Code.timedOut, "did not answer in time"), (.forbiddenAddress, "webhook_networks"),
            (.stopped, "about to end"), (.unreachable, "https://h is at 10.0.0.1"),
        ] {
            guard
                case .again(nil, nil, let error) = DeliveryVerdict(TransferError(code, "https://h is at 10.0.0.1"))
            else {
                Issue.record("it is tried again")
                continue
            }
            #expect(error.contains(words))
            #expect(error.contains("10.0.0.1") == (code == .unreachable))
        }
    }
}
