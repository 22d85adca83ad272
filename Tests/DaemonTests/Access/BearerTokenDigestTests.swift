import API
import Daemon
import TestSupport
import Testing

@Suite struct BearerTokenDigestTests {
    @Test func aTokenIsOfItsOwnDigestAlone() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<100 {
            let token = BearerToken(using: &generator)
            #expect(token.digest.count == 32 && token.isOf(digest: token.digest))
            var other = token.digest
            other[31] ^= 1
            #expect(!token.isOf(digest: other) && !token.isOf(digest: []))
        }
    }
}
