import Daemon
import Testing

@Suite struct PrometheusTextTests {
    @Test func figuresAreWritten() {
        var text = PrometheusText()
        text.add("a_total", .counter, "How many.", [("", 3), (PrometheusText.labels([("b", "c\"\\\n")]), 0.5)])
        text.add("none", .gauge, "Nothing.", [])
        #expect(
            text.text == """
                # HELP a_total How many.
                # TYPE a_total counter
                a_total 3
                a_total{b="c\\"\\\\\\n"} 0.5

                """)
    }
}
