import Formats
import Graph

/// An activation function of Keras, applied element by element but for the softmaxes and `glu`, which are of the last axis.
enum Activation: String, CaseIterable, Sendable {
    case linear
    case relu
    case relu6
    case leakyRelu = "leaky_relu"
    case elu
    case selu
    case gelu
    case glu
    case silu
    case sigmoid
    case hardSigmoid = "hard_sigmoid"
    case tanh
    case softmax
    case logSoftmax = "log_softmax"
    case softplus
    case softsign
    case exponential
    case celu
    case hardShrink = "hard_shrink"
    case hardSilu = "hard_silu"
    case hardTanh = "hard_tanh"
    case logSigmoid = "log_sigmoid"
    case mish
    case softShrink = "soft_shrink"
    case sparsePlus = "sparse_plus"
    case sparseSigmoid = "sparse_sigmoid"
    case sparsemax
    case squareplus
    case tanhShrink = "tanh_shrink"

    /// Names that mean another's function.
    static let aliases = ["swish": Activation.silu, "hard_swish": .hardSilu]

    /// Reads a name, or Keras' serialized form of one; null is `linear`.
    init?(_ value: JSON?, at pointer: JSONPointer, faults: SpecErrors) {
        guard let value, !value.isNull else {
            self = .linear
            return
        }
        guard let object = KerasObject(value, at: pointer, what: "an activation", faults: faults) else { return nil }
        if let known = Activation(rawValue: object.className) ?? Activation.aliases[object.className] {
            self = known
            return
        }
        if object.className == "threshold" {
            faults.add(
                object.namePointer,
                "activation threshold can't be used: its threshold and its value below are arguments that Keras keeps in no "
                    + "model's JSON; the layer ThresholdedReLU has its theta",
                code: SpecError.notSupported)
            return nil
        }
        let names = Activation.allCases.map(\.rawValue) + Activation.aliases.keys
        object.refuse("activation", supported: names, laterOnes: [], faults: faults)
        return nil
    }

    /// The function's value; `version` tells Keras 2's formulas from Keras 3's.
    func callAsFunction(_ x: Tensor, version: KerasVersion) -> Tensor {
        switch self {
        case .linear: x
        case .relu: x.relu()
        case .relu6: x.relu6()
        case .leakyRelu: x.leakyRelu()
        case .elu: x.elu()
        case .selu: x.selu()
        case .gelu: x.gelu()
        case .glu: x.gatedLinear()
        case .silu: x.silu()
        case .sigmoid: x.sigmoid()
        case .hardSigmoid:
            switch version {
            case .keras2: (x * 0.2 + 0.5).clipped(from: 0, to: 1)
            case .keras3: (x / 6 + 0.5).clipped(from: 0, to: 1)
            }
        case .tanh: x.tanh()
        case .softmax: x.softmax()
        case .logSoftmax: x.logSoftmax()
        case .softplus: x.softplus()
        case .softsign: x.softsign()
        case .exponential: x.exp()
        case .celu: x.maximum(0) + x.minimum(0).expm1()
        case .hardShrink: (x.abs() .> 0.5).select(x, x.builder.constant(0, dtype: x.dtype))
        case .hardSilu: x * (x + 3).relu6() / 6
        case .hardTanh: x.clipped(from: -1, to: 1)
        case .logSigmoid: -(-x).softplus()
        case .mish: x * x.softplus().tanh()
        case .softShrink: (x - 0.5).relu() - (-x - 0.5).relu()
        case .sparsePlus:
            (x .>= 1).select(x, (x .<= -1).select(x.builder.constant(0, dtype: x.dtype), (x + 1).square() * 0.25))
        case .sparseSigmoid: ((x + 1) * 0.5).clipped(from: 0, to: 1)
        case .sparsemax: x.sparsemax()
        case .squareplus: (x + (x.square() + 4).sqrt()) / 2
        case .tanhShrink: x - x.tanh()
        }
    }
}

/// Whose JSON a model is: three numbers differ between the versions.
package enum KerasVersion: Sendable {
    /// Keras 2.15.
    case keras2
    /// Keras 3, and the short form.
    case keras3
}
