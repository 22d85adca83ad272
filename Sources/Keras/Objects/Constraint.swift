package import Formats
package import Graph

/// What a variable is changed to after each update (Keras: `keras.constraints`).
///
/// Norms are taken along `axis`: 0 for a dense kernel [in, out] is each unit's incoming weights. 1e-7 is added to a norm
/// before it divides.
package enum Constraint: Sendable, Equatable {
    /// Norms of at most `maxValue`.
    case maxNorm(maxValue: Double, axis: [Int])
    /// Norms moved by `rate` of the way into `minValue` … `maxValue`.
    case minMaxNorm(minValue: Double, maxValue: Double, rate: Double, axis: [Int])
    /// 0 in place of what is negative.
    case nonNegative
    /// Norms of 1.
    case unitNorm(axis: [Int])
    /// One number for all cells of a square kernel [k, k, …, …] that are as far from its centre (Keras 2).
    case radial

    private static let table = ClassTable<Constraint>(
        noun: "constraint",
        readers: [
            "MaxNorm": {
                .maxNorm(maxValue: $0.double("max_value", default: 2, in: .notNegative), axis: axis($0))
            },
            "MinMaxNorm": { reader in
                let minValue = reader.double("min_value", default: 0, in: .notNegative)
                let maxValue = reader.double("max_value", default: 1, in: .notNegative)
                if maxValue < minValue {
                    reader.fault("max_value", "must be at least min_value, \(minValue), not \(maxValue)")
                }
                return .minMaxNorm(
                    minValue: minValue, maxValue: maxValue,
                    rate: reader.double("rate", default: 1, in: .from(0, to: 1)),
                    axis: axis(reader))
            },
            "NonNeg": { _ in .nonNegative },
            "RadialConstraint": { _ in .radial }, "UnitNorm": { .unitNorm(axis: axis($0)) },
        ],
        aliases: [
            "max_norm": "MaxNorm", "maxnorm": "MaxNorm", "min_max_norm": "MinMaxNorm", "non_neg": "NonNeg",
            "nonneg": "NonNeg", "radial_constraint": "RadialConstraint", "unit_norm": "UnitNorm",
            "unitnorm": "UnitNorm",
        ])

    /// Reads the member: a name, Keras' serialized form or the short form. Nil where it is not given or at fault.
    package init?(_ reader: ObjectReader, _ name: String) {
        guard let read = Constraint.table.read(reader, name) else { return nil }
        self = read
    }

    /// Why a variable of this shape can't be constrained; nil: it can.
    package func mismatch(_ shape: [Int]) -> String? {
        let axis: [Int]
        switch self {
        case .maxNorm(_, let axes), .minMaxNorm(_, _, _, let axes), .unitNorm(let axes): axis = axes
        case .nonNegative: return nil
        case .radial:
            // Of a kernel of one cell Keras makes nothing.
            let isSquare = shape.count == 4 && shape[0] == shape[1] && shape[0] > 1
            return isSquare
                ? nil : "takes kernels of shape [k, k, …, …] with k of at least 2, but the variable's shape is \(shape)"
        }
        let places = axis.map { $0 < 0 ? $0 + shape.count : $0 }
        if let place = zip(axis, places).first(where: { $1 < 0 || $1 >= shape.count })?.0 {
            return "takes norms along axis \(place), but the variable's shape is \(shape)"
        }
        return Set(places).count < places.count ? "names an axis twice in \(axis)" : nil
    }

    /// The variable's new value, of the same type. For a shape with a ``mismatch(_:)`` the builder records a fault.
    package func callAsFunction(_ w: Tensor) -> Tensor {
        switch self {
        case .maxNorm(let maxValue, let axis):
            let norms = Constraint.norms(w, axis)
            return w * (norms.clipped(from: 0, to: maxValue) / (norms + 1e-7))
        case .minMaxNorm(let minValue, let maxValue, let rate, let axis):
            let norms = Constraint.norms(w, axis)
            let desired = norms.clipped(from: minValue, to: maxValue) * rate + norms * (1 - rate)
            return w * (desired / (norms + 1e-7))
        case .nonNegative: return w * (w .>= 0).cast(to: w.dtype)
        case .unitNorm(let axis): return w / (Constraint.norms(w, axis) + 1e-7)
        case .radial:
            let extent = w.shape[0]
            let cells = Constraint.radialCells(extent)
            return w.reshape(to: [extent * extent, -1])
                .gather(w.builder.constant(cells.map { Double($0) }, shape: [cells.count], dtype: .int32))
                .reshape(to: w.shape.dimensions)
        }
    }

    /// For each cell of a kernel of `extent` by `extent` the one on the diagonal whose number it gets, as Keras 2.15 has it: of an
    /// odd extent the centre has the one before it, and each ring that of the ring within it.
    private static func radialCells(_ extent: Int) -> [Int] {
        let start = extent / 2
        func source(_ row: Int, _ column: Int) -> Int {
            if extent.isMultiple(of: 2) {
                // Rings around the four cells in the middle.
                let ring = [row, column].map { $0 < start ? start - 1 - $0 : $0 - start }.max() ?? 0
                return ring == 0 ? start - 1 : start + ring
            }
            return start + max(abs(row - start), abs(column - start)) - 1
        }
        return (0..<(extent * extent)).map { source($0 / extent, $0 % extent) * (extent + 1) }
    }

    private static func norms(_ w: Tensor, _ axis: [Int]) -> Tensor {
        w.square().reduceSum(axes: axis, keepDimensions: true).sqrt()
    }

    /// One axis or a list of them; 0 where none is given.
    private static func axis(_ reader: ObjectReader) -> [Int] {
        if reader.value("axis")?.array != nil {
            return reader.ints("axis", in: -8...7, count: 1...8) ?? [0]
        }
        return [reader.int("axis", default: 0, in: -8...7)]
    }
}
