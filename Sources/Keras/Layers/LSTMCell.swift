import Formats
import Graph

/// Hochreiter and Schmidhuber 1997, with a forget gate (Keras: `LSTM`); gates in the order input, forget, candidate, output.
struct LSTMCell: RecurrentCell {
    static let part = "lstm_cell"
    static let states = 2
    static let gates = 4
    let settings: RecurrentSettings
    /// Whether the forget gate's bias starts with ones.
    private let startsWithOnes: Bool

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        startsWithOnes = reader.bool("unit_forget_bias", default: true)
        guard let settings = RecurrentSettings(reader) else { return nil }
        self.settings = settings
        if settings.useBias, startsWithOnes, settings.bias.initializer.number == nil {
            reader.fault(
                "bias_initializer",
                "is not supported beside unit_forget_bias, which makes ones of a part: give Zeros, Ones or Constant, or "
                    + "unit_forget_bias false",
                code: SpecError.notSupported)
            return nil
        }
    }

    var bias: LayerVariable? {
        guard settings.useBias else { return nil }
        let variable = settings.bias.variable("\(Self.part)/bias", [Self.gates.multipliedSaturated(by: settings.units)])
        guard startsWithOnes, let number = settings.bias.initializer.number, number != 1 else { return variable }
        let units = settings.units
        let numbers = (0..<(4 * units)).map { (units..<(2 * units)).contains($0) ? 1 : number }
        let type = TensorType(.float32, Shape(variable.shape))
        return LayerVariable(
            variable.name, shape: variable.shape, initializer: .literal(Literal(type: type, doubles: numbers)),
            regularizer: variable.regularizer, constraint: variable.constraint)
    }

    func step(_ x: Tensor, _ states: [Tensor], _ products: RecurrentProducts, _ call: LayerCall) -> [Tensor] {
        let z = x + products(states[0], gates: 0..<4)
        func gate(_ place: Int, _ activation: Activation) -> Tensor {
            activation(z.gate(place, settings.units), version: call.version)
        }
        let kept = gate(1, settings.recurrentActivation) * states[1]
        let carry = kept + gate(0, settings.recurrentActivation) * gate(2, settings.activation)
        return [gate(3, settings.recurrentActivation) * settings.activation(carry, version: call.version), carry]
    }
}

extension Initializer {
    /// The number that all elements start with; nil: they may differ.
    fileprivate var number: Double? { if case .constant(let number) = self { number } else { nil } }
}
