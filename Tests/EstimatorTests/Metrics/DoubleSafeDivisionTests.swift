import Estimator
import Testing

@Suite struct DoubleSafeDivisionTests {
    @Test(
        arguments: [
            (3, 4, 0.75), (0, 4, 0), (3, 0, 0), (3, -0.0, 0), (0, 0, 0), (.infinity, 0, 0), (-1, 2, -0.5),
            (1, .infinity, 0),
        ] as [(Double, Double, Double)])
    func quotients(dividend: Double, divisor: Double, quotient: Double) {
        #expect(dividend.dividedSafely(by: divisor) == quotient)
    }

    /// Only a divisor of 0 is taken care of.
    @Test func whatIsNotANumberStays() {
        #expect(Double.nan.dividedSafely(by: 2).isNaN)
        #expect(1.0.dividedSafely(by: .nan).isNaN)
        #expect(Double.nan.dividedSafely(by: 0) == 0)
    }
}
