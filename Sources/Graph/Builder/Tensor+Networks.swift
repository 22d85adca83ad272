extension Tensor {
    /// Matrix product of the last two axes (`tf.linalg.matmul`); leading axes are batch axes and broadcast.
    public func matmul(_ other: Tensor, transposeA: Bool = false, transposeB: Bool = false) -> Tensor {
        let op = Op.dot(transposeLHS: transposeA, transposeRHS: transposeB)
        guard rank >= 2, other.rank >= 2 else { return product(op, other) }
        let (a, b) = (Shape(shape.dimensions.dropLast(2)), Shape(other.shape.dimensions.dropLast(2)))
        if a == b { return product(op, other) }
        guard let batch = a.broadcast(with: b) else {
            return builder.fail(
                GraphError(.shapeMismatch, "the batch axes of \(type) and \(other.type) don't broadcast", op: op.name),
                type)
        }
        func spread(_ tensor: Tensor) -> Tensor {
            tensor.broadcast(to: Shape(batch.dimensions + tensor.shape.dimensions.suffix(2)))
        }
        return spread(self).product(op, spread(other))
    }

    /// A product with the precision that the builder has for products.
    func product(_ op: Op, _ other: Tensor) -> Tensor {
        guard builder.multipliesInBFloat16, dtype == .float32 else { return apply(op, [other]) }
        return roundedToBFloat16().apply(op, [other.roundedToBFloat16()]).roundedToBFloat16()
    }

    /// max(x, 0); gradient 0 at 0.
    public func relu() -> Tensor { apply(.unary(.relu)) }
    /// min(max(x, 0), 6); gradient 0 at both ends, as TensorFlow's.
    public func relu6() -> Tensor { relu().min6() }
    /// x where x > 0, else `slope` · x.
    public func leakyRelu(slope: Double = 0.2) -> Tensor { (self .> 0).select(self, self * slope) }
    /// x where x > 0, else `alpha` · (e^x − 1).
    public func elu(alpha: Double = 1) -> Tensor { (self .> 0).select(self, minimum(0).expm1() * alpha) }
    /// Klambauer et al. 2017: ELU with the two constants that keep mean and variance. The gradient at 0 is that of the
    /// line on its right, as TensorFlow's.
    public func selu() -> Tensor {
        (self .< 0).select(minimum(0).expm1() * 1.6732632423543772, self) * 1.0507009873554805
    }
    /// 1 / (1 + e^−x).
    public func sigmoid() -> Tensor { apply(.unary(.logistic)) }
    /// Hyperbolic tangent.
    public func tanh() -> Tensor { apply(.unary(.tanh)) }
    /// ln(1 + e^x).
    public func softplus() -> Tensor { apply(.unary(.softplus)) }
    /// x / (1 + |x|).
    public func softsign() -> Tensor { self / (abs() + 1) }
    /// x · sigmoid(x) (swish).
    public func silu() -> Tensor { self * sigmoid() }
    /// Hendrycks and Gimpel 2016: x · Φ(x), by the error function or by the tanh form.
    public func gelu(isApproximate: Bool = false) -> Tensor {
        let gate =
            isApproximate
            ? ((self + self * square() * 0.044715) * 0.7978845608028654).tanh() : (self * 0.7071067811865476).erf()
        return self * 0.5 * (gate + 1)
    }

    /// e^x / Σ e^x along an axis.
    public func softmax(axis place: Int = -1) -> Tensor { alongLast(.softmax, place) }

    /// The logarithm of the softmax along an axis.
    public func logSoftmax(axis place: Int = -1) -> Tensor { alongLast(.logSoftmax, place) }

    /// Cross-entropy of each row's softmax with a class (`tf.nn.sparse_softmax_cross_entropy_with_logits`): logits
    /// […, classes], integer labels […]; result […]. NaN where a label is not a class.
    public func sparseSoftmaxCrossEntropy(labels: Tensor) -> Tensor {
        guard rank >= 1, labels.shape == Shape(Array(shape.dimensions.dropLast())) else {
            return builder.fail(
                GraphError(
                    .shapeMismatch, "labels \(labels.type) don't name a class for each row of \(type)",
                    op: "sparseSoftmaxCrossEntropy"), type)
        }
        let rows = reshape(to: [labels.shape.count, shape[rank - 1]])
        let loss = rows.apply(.sparseSoftmaxCrossEntropy, [labels.reshape(to: [labels.shape.count])])
        return loss.reshape(to: labels.shape.dimensions)
    }

    /// What is not a number stays: it is not at least 6.
    private func min6() -> Tensor { (self .>= 6).select(like(6), self) }

    private func alongLast(_ op: Op, _ place: Int) -> Tensor {
        guard let place = axis(place, op.name) else { return nothing() }
        if place == rank - 1 { return apply(op) }
        var permutation = Array(0..<rank)
        permutation.swapAt(place, rank - 1)
        return transposed(permutation).apply(op).transposed(permutation)
    }
}
