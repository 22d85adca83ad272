import API
import Testing

@Suite struct WaitDurationTests {
    @Test(arguments: [("60s", 60), ("0", 0), ("1.5m", 90), ("500ms", 0.5), ("1h", 3600), ("300", 300)])
    func reads(text: String, seconds: Double) {
        #expect(WaitDuration.seconds(text) == seconds)
    }

    @Test(arguments: [
        "", "s", "-1s", "+1s", "1e3", "1 s", "60x", ".5s", "5.s", "1.2.3", "nan", "60S", "٣s", "1234567890123456789",
    ])
    func refuses(text: String) {
        #expect(WaitDuration.seconds(text) == nil)
    }
}
