import Formats

/// Every layer that can be built: one row a class.
enum LayerTable {
    typealias Read = @Sendable (LayerCommon, ObjectReader) -> (any Layer)?

    static let rows: [String: Read] = [
        DenseLayer.className: { DenseLayer($0, $1) },
        FlattenLayer.className: { FlattenLayer($0, $1) },
        ActivationLayer.className: { ActivationLayer($0, $1) },
        RescalingLayer.className: { RescalingLayer($0, $1) },
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
