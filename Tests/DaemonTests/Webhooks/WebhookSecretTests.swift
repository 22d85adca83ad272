import Daemon
import TestSupport
import Testing

@Suite struct WebhookSecretTests {
    private static let key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    /// The example of the Standard Webhooks specification.
    @Test func aSignatureIsThatOfStandardWebhooks() throws {
        let secret = try WebhookSecret(Self.key)
        #expect(
            secret.signature(
                id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: Array("{\"test\": 2432232314}".utf8)
            )
                == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func whateverIsSignedMakesAnotherSignature() throws {
        let secret = try WebhookSecret(Self.key)
        let other = try WebhookSecret("whsec_\(String(repeating: "A", count: 32))")
        let signatures = [
            secret.signature(id: "a", timestamp: 1, body: [1]), secret.signature(id: "b", timestamp: 1, body: [1]),
            secret.signature(id: "a", timestamp: 2, body: [1]), secret.signature(id: "a", timestamp: 1, body: [2]),
            secret.signature(id: "a", timestamp: 1, body: []), other.signature(id: "a", timestamp: 1, body: [1]),
        ]
        #expect(Set(signatures).count == signatures.count)
        #expect(signatures[0] == secret.signature(id: "a", timestamp: 1, body: [1]))
    }

    /// While one key is replaced by another, both sign.
    @Test func severalKeysSignEach() throws {
        let other = "whsec_\(String(repeating: "A", count: 32))"
        let both = try WebhookSecret("# the new one\n\(other)\n\n\(Self.key)\n")
        #expect(both.count == 2)
        let single = try [other, Self.key].map { try WebhookSecret($0).signature(id: "a", timestamp: 1, body: []) }
        #expect(both.signature(id: "a", timestamp: 1, body: []) == single.joined(separator: " "))
    }

    @Test(arguments: [
        "", "# nothing\n", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_c2hvcnQ=", "whsec_!!!",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw x", "whsec_\(String(repeating: "A", count: 88))",
        String(repeating: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", count: 5),
    ])
    func anotherTextIsRefusedWithoutBeingTold(text: String) {
        let fault = #expect(throws: WebhookSecret.Fault.self) { try WebhookSecret(text) }
        #expect(fault?.detail.hasPrefix("must have") == true && fault?.detail.contains("MfKQ") == false)
    }

    @Test func aNewOneIsRandomAndIsRead() throws {
        var generator = SeededGenerator(seed: 3)
        let texts = (0..<20).map { _ in WebhookSecret.text(using: &generator) }
        #expect(Set(texts).count == 20)
        for text in texts {
            #expect(text.count == 50)
            #expect(try WebhookSecret(text).count == 1)
        }
    }

    @Test func whatIsPrintedByMistakeTellsNothing() throws {
        let secret = try WebhookSecret(Self.key)
        var dumped = ""
        dump(secret, to: &dumped)
        #expect("\(secret)" == "1 keys" && !dumped.contains("MfKQ") && !String(reflecting: secret).contains("MfKQ"))
    }
}
