import Formats
import Graph

/// `activation(x · kernel + h · recurrent_kernel + bias)` (Keras: `SimpleRNN`).
struct SimpleRNNCell: RecurrentCell {
    static let part = "simple_rnn_cell"
    static let states = 1
    static let gates = 1
    let settings: RecurrentSettings

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        guard let settings = RecurrentSettings(reader, isGated: false) else { return nil }
        self.settings = settings
    }

    var bias: LayerVariable? {
        settings.useBias ? settings.bias.variable("\(Self.part)/bias", [settings.units]) : nil
    }

    func step(_ x: Tensor, _ states: [Tensor], _ products: RecurrentProducts, _ call: LayerCall) -> [Tensor] {
        [settings.activation(x + products(states[0], gates: 0..<1), version: call.version)]
    }
}
