package import Formats

/// Every layer that can be built: one row a class.
package enum LayerTable {
    /// Reads the configuration of one class; nil where it is at fault.
    package typealias Read = @Sendable (LayerHeader, ObjectReader) -> (any Layer)?

    /// By Keras' class.
    package static let rows: [String: Read] = [
        DenseLayer.className: { DenseLayer($0, $1) },
        FlattenLayer.className: { FlattenLayer($0, $1) },
        ActivationLayer.className: { ActivationLayer($0, $1) },
        RescalingLayer.className: { RescalingLayer($0, $1) },
        ConcatenateLayer.className: { ConcatenateLayer($0, $1) },
        "Add": { MergeLayer($0, $1) },
        "Subtract": { MergeLayer($0, $1) },
        "Multiply": { MergeLayer($0, $1) },
        "Average": { MergeLayer($0, $1) },
        "Maximum": { MergeLayer($0, $1) },
        "Minimum": { MergeLayer($0, $1) },
        OperatorLayer.className: { OperatorLayer($0, $1) },
        "Sequential": { NestedModel($0, $1) },
        "Functional": { NestedModel($0, $1) },
        "Model": { NestedModel($0, $1) },
    ]

    /// The input's class, and the name of the function that makes one.
    static let inputs: Set<String> = ["InputLayer", "Input"]

    /// Class names that a model may hold: those of the rows and the input's.
    static let names: [String] = Array(rows.keys) + inputs
}
