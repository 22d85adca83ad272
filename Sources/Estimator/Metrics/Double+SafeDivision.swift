extension Double {
    /// The quotient, and 0 where the divisor is 0 (`tf.math.divide_no_nan`).
    package func dividedSafely(by divisor: Double) -> Double { divisor == 0 ? 0 : self / divisor }
}
