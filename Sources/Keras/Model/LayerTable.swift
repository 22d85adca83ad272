package import Formats

/// Every layer that can be built: one row a class.
package enum LayerTable {
    /// Reads the configuration of one class; nil where it is at fault.
    package typealias Read = @Sendable (LayerHeader, ObjectReader) -> (any Layer)?

    /// By Keras' class.
    package static let rows: [String: Read] = [
        core, convolutions, pools, margins, normalizations, sequences,
    ].reduce(into: [:]) {
        $0.merge($1) { first, _ in first }
    }

    private static let core: [String: Read] = [
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
        DotLayer.className: { DotLayer($0, $1) },
        ReshapeLayer.className: { ReshapeLayer($0, $1) },
        PermuteLayer.className: { PermuteLayer($0, $1) },
        RepeatVectorLayer.className: { RepeatVectorLayer($0, $1) },
        "ReLU": { RectifierLayer($0, $1) },
        "LeakyReLU": { RectifierLayer($0, $1) },
        "ELU": { RectifierLayer($0, $1) },
        "ThresholdedReLU": { RectifierLayer($0, $1) },
        PReLULayer.className: { PReLULayer($0, $1) },
        SoftmaxLayer.className: { SoftmaxLayer($0, $1) },
        OperatorLayer.className: { OperatorLayer($0, $1) },
        "Sequential": { NestedModel($0, $1) },
        "Functional": { NestedModel($0, $1) },
        "Model": { NestedModel($0, $1) },
    ]

    /// Keras has each under its long name, too.
    private static let convolutions: [String: Read] = {
        var rows: [String: Read] = [:]
        for axes in 1...3 {
            rows["Conv\(axes)D"] = { ConvolutionLayer($0, $1, axes: axes) }
            rows["Conv\(axes)DTranspose"] = { TransposedConvolutionLayer($0, $1, axes: axes) }
        }
        for axes in 1...2 {
            rows["DepthwiseConv\(axes)D"] = { DepthwiseConvolutionLayer($0, $1, axes: axes) }
            rows["SeparableConv\(axes)D"] = { SeparableConvolutionLayer($0, $1, axes: axes) }
        }
        for (name, read) in rows where !name.hasPrefix("Depthwise") {
            rows[name.replacing("Conv", with: "Convolution", maxReplacements: 1)] = read
        }
        return rows
    }()

    /// Keras has each under its short name, too.
    private static let pools: [String: Read] = {
        var rows: [String: Read] = [:]
        for (axes, ending) in [(1, "1D"), (2, "2D"), (3, "3D")] {
            for name in ["MaxPooling", "MaxPool"] {
                rows[name + ending] = { PoolingLayer($0, $1, .max, axes: axes) }
                rows["Global\(name)\(ending)"] = { GlobalPoolingLayer($0, $1, .max, axes: axes) }
            }
            for name in ["AveragePooling", "AvgPool"] {
                rows[name + ending] = { PoolingLayer($0, $1, .average, axes: axes) }
                rows["Global\(name)\(ending)"] = { GlobalPoolingLayer($0, $1, .average, axes: axes) }
            }
        }
        return rows
    }()

    private static let margins: [String: Read] = {
        var rows: [String: Read] = [:]
        for axes in 1...3 {
            rows["ZeroPadding\(axes)D"] = { MarginLayer($0, $1, .zeroPadding, axes: axes) }
            rows["Cropping\(axes)D"] = { MarginLayer($0, $1, .cropping, axes: axes) }
            rows["UpSampling\(axes)D"] = { UpSamplingLayer($0, $1, axes: axes) }
        }
        return rows
    }()

    private static let normalizations: [String: Read] = [
        BatchNormalizationLayer.className: { BatchNormalizationLayer($0, $1) },
        "BatchNormalizationV2": { BatchNormalizationLayer($0, $1) },
        "SyncBatchNormalization": { BatchNormalizationLayer($0, $1) },
        LayerNormalizationLayer.className: { LayerNormalizationLayer($0, $1) },
        GroupNormalizationLayer.className: { GroupNormalizationLayer($0, $1) },
        "UnitNormalization": { NormLayer.unit($0, $1) },
        "RMSNormalization": { NormLayer.meanSquare($0, $1) },
        NormalizationLayer.className: { NormalizationLayer($0, $1) },
    ]

    /// The input's class, and the name of the function that makes one.
    static let inputs: Set<String> = ["InputLayer", "Input"]

    /// Class names that a model may hold: those of the rows and the input's.
    static let names: [String] = Array(rows.keys) + inputs
}
