import Formats
import Graph

/// Cho et al. 2014 (Keras: `GRU`); gates in the order update, reset, candidate. The reset gate acts behind the product with
/// the state, which then has a bias of its own, or before it.
struct GRUCell: RecurrentCell {
    static let part = "gru_cell"
    static let states = 1
    static let gates = 3
    let settings: RecurrentSettings
    private let resetsAfter: Bool

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        resetsAfter = reader.bool("reset_after", default: true)
        guard let settings = RecurrentSettings(reader) else { return nil }
        self.settings = settings
    }

    var bias: LayerVariable? {
        guard settings.useBias else { return nil }
        let columns = Self.gates.multipliedSaturated(by: settings.units)
        return settings.bias.variable("\(Self.part)/bias", resetsAfter ? [2, columns] : [columns])
    }

    /// One of the two rows of the bias, that of inputs and that of states.
    private func row(_ place: Int, _ call: LayerCall) -> Tensor? {
        guard let bias = bias(call) else { return nil }
        return resetsAfter ? bias.slice(place..<(place + 1), axis: 0).reshape(to: [bias.shape[1]]) : bias
    }

    func steps(_ products: RecurrentProducts, _ call: LayerCall) -> [Tensor] { products.steps(bias: row(0, call)) }

    func step(_ x: Tensor, _ states: [Tensor], _ products: RecurrentProducts, _ call: LayerCall) -> [Tensor] {
        let (h, units) = (states[0], settings.units)
        var inner = products(h, gates: 0..<(resetsAfter ? 3 : 2))
        if resetsAfter, let bias = row(1, call) { inner = inner + bias }
        func gate(_ place: Int) -> Tensor {
            settings.recurrentActivation(x.gate(place, units) + inner.gate(place, units), version: call.version)
        }
        let (update, reset) = (gate(0), gate(1))
        let recurrent = resetsAfter ? reset * inner.gate(2, units) : products(reset * h, gates: 2..<3)
        let candidate = settings.activation(x.gate(2, units) + recurrent, version: call.version)
        return [update * h + (1 - update) * candidate]
    }
}
