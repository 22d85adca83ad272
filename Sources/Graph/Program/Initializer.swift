/// How a variable gets its first value: a value itself, filled without state from (seed, variable name).
public enum Initializer: Sendable, Hashable {
    /// Every element the same.
    case constant(Double)
    /// These elements.
    case literal(Literal)
    /// Uniform in [low, high).
    case uniform(low: Double, high: Double)
    /// Normally distributed values.
    case normal(mean: Double, standardDeviation: Double)
    /// Gaussian without what is more than two standard deviations away, which is drawn again (TensorFlow's
    /// `truncated_normal`).
    case truncatedNormal(mean: Double, standardDeviation: Double)
    /// TensorFlow's and Keras' `VarianceScaling`: variance `scale` / fan. The truncated normal's deviation is divided
    /// by 0.87962566103423978, so that the variance holds after the cut.
    case varianceScaling(scale: Double, fan: Fan, distribution: Distribution)
    /// `gain` · a matrix [all axes but the last, the last] of perpendicular rows or columns of norm 1, whichever are fewer,
    /// drawn evenly among all such (Saxe et al. 2014; Keras' `Orthogonal`). At least two axes.
    case orthogonal(gain: Double)
    /// `gain` on the diagonal of a matrix, else 0 (Keras' `Identity`).
    case identity(gain: Double)

    /// What a variance is divided by: of a kernel [in, out], or […, in, out] with a receptive field in front.
    public enum Fan: String, Sendable, Hashable, CaseIterable {
        /// Inputs of a unit.
        case fanIn
        /// Outputs of a unit.
        case fanOut
        /// Their mean.
        case fanAverage
    }

    /// What `varianceScaling` draws from.
    public enum Distribution: String, Sendable, Hashable, CaseIterable {
        /// Uniform in ±√(3 · variance).
        case uniform
        /// Gaussian, cut at two deviations.
        case truncatedNormal
        /// Normally distributed values, however far from the mean.
        case untruncatedNormal
    }

    /// All 0.
    public static let zeros = Initializer.constant(0)
    /// All 1.
    public static let ones = Initializer.constant(1)
    /// Glorot and Bengio 2010, uniform (Xavier): TensorFlow's default for kernels.
    public static let glorotUniform = Initializer.varianceScaling(scale: 1, fan: .fanAverage, distribution: .uniform)
    /// Glorot and Bengio 2010, cut Gaussian.
    public static let glorotNormal = Initializer.varianceScaling(
        scale: 1, fan: .fanAverage, distribution: .truncatedNormal)
    /// He et al. 2015, uniform.
    public static let heUniform = Initializer.varianceScaling(scale: 2, fan: .fanIn, distribution: .uniform)
    /// He et al. 2015, cut Gaussian.
    public static let heNormal = Initializer.varianceScaling(scale: 2, fan: .fanIn, distribution: .truncatedNormal)
    /// LeCun et al. 1998, uniform.
    public static let lecunUniform = Initializer.varianceScaling(scale: 1, fan: .fanIn, distribution: .uniform)
    /// LeCun et al. 1998, cut Gaussian.
    public static let lecunNormal = Initializer.varianceScaling(scale: 1, fan: .fanIn, distribution: .truncatedNormal)
}
