import Estimator
import Testing

@Suite struct MonitoredNumberTests {
    @Test(
        arguments: [
            (1, 2, 0, true, false), (2, 1, 0, false, true), (1, 1, 0, false, false), (1, 2, 1, false, false),
            (1, 2.5, 1, true, false), (2.5, 1, 1, false, true), (1, nil, 5, true, true), (nil, 1, 0, false, false),
            (nil, nil, 0, false, false), (.nan, nil, 0, false, false), (-.infinity, 1, 0, false, false),
        ] as [(Double?, Double?, Double, Bool, Bool)])
    func better(value: Double?, best: Double?, least: Double, isSmaller: Bool, isLarger: Bool) {
        #expect(MonitoredNumber(name: "x", mode: .min).isBetter(value, than: best, by: least) == isSmaller)
        #expect(MonitoredNumber(name: "x", mode: .max).isBetter(value, than: best, by: least) == isLarger)
    }
}
