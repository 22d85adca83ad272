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

    @Test func histogramsAreWritten() {
        var text = PrometheusText()
        var durations = DurationHistogram()
        durations.add(.milliseconds(1))
        durations.add(.seconds(31))
        text.add("a_seconds", "How long.", [(labels: [("b", "c")], durations: durations)])
        let lines = text.text.split(separator: "\n")
        #expect(
            lines[..<5] == [
                "# HELP a_seconds How long.", "# TYPE a_seconds histogram", #"a_seconds_bucket{b="c",le="0.0005"} 0"#,
                #"a_seconds_bucket{b="c",le="0.001"} 1"#, #"a_seconds_bucket{b="c",le="0.0025"} 1"#,
            ])
        #expect(
            lines.suffix(4) == [
                #"a_seconds_bucket{b="c",le="30.0"} 1"#, #"a_seconds_bucket{b="c",le="+Inf"} 2"#,
                #"a_seconds_sum{b="c"} 31.001"#, #"a_seconds_count{b="c"} 2"#,
            ])
    }
}
