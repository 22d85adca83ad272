package import Formats
package import Graph

/// A penalty on the numbers of a variable or of an output, added to the loss (Keras: `keras.regularizers`).
///
/// Keras' coefficients: L2 is `l2` · Σ w², without one half.
package enum Regularizer: Sendable, Equatable {
    /// `l1` · Σ |w| + `l2` · Σ w².
    case norms(l1: Double, l2: Double)
    /// `factor` · the mean of |cosine| over all pairs of rows or of columns of a matrix, so that they tend to be
    /// perpendicular.
    case orthogonal(factor: Double, mode: OrthogonalMode)

    /// What an orthogonal penalty compares.
    package enum OrthogonalMode: String, Sendable, CaseIterable {
        /// Each row with each other.
        case rows
        /// Each column with each other.
        case columns
    }

    private static let table = ClassTable<Regularizer>(
        noun: "regularizer",
        readers: [
            "L1": { .norms(l1: coefficient($0, "l1", 0.01), l2: 0) },
            "L2": { .norms(l1: 0, l2: coefficient($0, "l2", 0.01)) },
            "L1L2": { .norms(l1: coefficient($0, "l1", 0), l2: coefficient($0, "l2", 0)) },
            // Keras 2: the name alone means 0.01 for both, where the class L1L2 means 0.
            "l1_l2": { .norms(l1: coefficient($0, "l1", 0.01), l2: coefficient($0, "l2", 0.01)) },
            "OrthogonalRegularizer": {
                .orthogonal(factor: coefficient($0, "factor", 0.01), mode: $0.choice("mode", default: .rows))
            },
        ],
        aliases: [
            "l1": "L1", "l2": "L2", "l1l2": "L1L2", "orthogonal_regularizer": "OrthogonalRegularizer",
        ])

    /// Reads the member: a name, Keras' serialized form or the short form. Nil where it is not given or at fault.
    package init?(_ reader: ObjectReader, _ name: String) {
        guard let read = Regularizer.table.read(reader, name) else { return nil }
        self = read
    }

    /// Why a tensor of this shape can't be penalized; nil: it can.
    package func mismatch(_ shape: [Int]) -> String? {
        if case .orthogonal = self, shape.count != 2 {
            return "OrthogonalRegularizer takes a matrix, but the shape is \(shape)"
        }
        return nil
    }

    /// The penalty, a scalar. For a shape with a ``mismatch(_:)`` the builder records a fault.
    package func penalty(of w: Tensor) -> Tensor {
        switch self {
        case .norms(let l1, let l2):
            switch (l1 != 0, l2 != 0) {
            case (true, true): return w.abs().reduceSum() * l1 + w.square().reduceSum() * l2
            case (true, false): return w.abs().reduceSum() * l1
            case (false, true): return w.square().reduceSum() * l2
            case (false, false): return w.builder.constant(0, dtype: w.dtype)
            }
        case .orthogonal(let factor, let mode):
            // The 1e-12 is TensorFlow's `l2_normalize`.
            let axis = mode == .rows ? 1 : 0
            let unit = w * w.square().reduceSum(axes: [axis], keepDimensions: true).maximum(1e-12).rsqrt()
            let cosines = unit.matmul(unit, transposeA: mode == .columns, transposeB: mode == .rows)
            let count = cosines.shape.dimensions.last ?? 1
            // One row alone has no pair: nothing to penalize, where Keras divides by zero.
            guard count > 1 else { return (cosines * 0).reduceSum() }
            let place = w.builder.iota(shape: [count])
            let others = (place.expandDimensions(at: 0) .!= place.expandDimensions(at: 1)).cast(to: w.dtype)
            let pairs = Double(count) * (Double(count) - 1) / 2
            return (cosines * others).abs().reduceSum() * (factor * 0.5) / pairs
        }
    }

    private static func coefficient(_ reader: ObjectReader, _ name: String, _ fallback: Double) -> Double {
        reader.double(name, default: fallback, in: .notNegative)
    }
}
