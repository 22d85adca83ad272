package import Graph

/// The losses of a batch before they become one number.
package struct LossValues {
    /// The losses of single elements where a position's is the mean of those along the last axis, else of positions.
    private let values: Tensor
    private let areElements: Bool
    /// 1 where a position counts, 0 where it does not, of the positions' shape and type; nil: all count.
    package let mask: Tensor?

    private init(values: Tensor, areElements: Bool, mask: Tensor?) {
        self.values = values
        self.areElements = areElements
        self.mask = mask
    }

    /// The losses of elements `[…, k]`; a position's is the mean over the last axis.
    static func elements(_ values: Tensor) -> LossValues {
        LossValues(values: values, areElements: true, mask: nil)
    }

    /// The losses of positions `[…]`, a row being one or several; a scalar where a batch has but one.
    static func positions(_ values: Tensor, mask: Tensor? = nil) -> LossValues {
        LossValues(values: values, areElements: false, mask: mask)
    }

    /// One loss a position.
    package var positions: Tensor { areElements ? values.reduceMean(axes: [-1]) : values }

    /// The same with each element as a position of its own, as TensorFlow 1 takes them.
    package var ofElements: LossValues { LossValues(values: values, areElements: false, mask: mask) }

    /// The mean over all positions, where all count the same: that of all elements.
    var mean: Tensor { values.reduceMean() }

    /// The same losses, of which only those count whose mask is 1, too.
    ///
    /// - Parameter mask: 0 or 1, of the positions' shape or with a last axis less.
    package func masked(by mask: Tensor?) -> LossValues {
        guard let mask else { return self }
        let spread = LossReduction.spread(mask.cast(to: values.dtype), over: positions)
        return LossValues(values: values, areElements: areElements, mask: self.mask.map { $0 * spread } ?? spread)
    }
}
