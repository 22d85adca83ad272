import Formats
import Graph
import OrderedCollections

/// What the configurations of all recurrent layers have for one time step: extents, activations, weights, dropout.
struct RecurrentSettings: Sendable {
    /// Numbers of an output.
    let units: Int
    private let unitsPointer: JSONPointer
    let activation: Activation
    /// Of the gates; that of a cell without gates is not read.
    let recurrentActivation: Activation
    let useBias: Bool
    let bias: VariableSettings
    private let kernel: VariableSettings
    private let recurrent: VariableSettings
    /// The probability that an input's number is dropped in all steps of a row.
    let dropout: Double
    /// The same of the numbers that go from step to step.
    let recurrentDropout: Double

    /// Reads the members; nil where `units` or an activation is at fault.
    init?(_ reader: ObjectReader, isGated: Bool = true) {
        let units = reader.int("units", required: true, in: 1 ... .max)
        unitsPointer = reader.pointer(to: "units")
        let activation = Activation(reader, "activation", default: .tanh)
        let recurrentActivation =
            isGated ? Activation(reader, "recurrent_activation", default: .sigmoid) : .sigmoid
        useBias = reader.bool("use_bias", default: true)
        kernel = VariableSettings(reader, "kernel", default: .glorotUniform)
        recurrent = VariableSettings(reader, "recurrent", default: .orthogonal(gain: 1))
        bias = VariableSettings(reader, "bias", default: .zeros)
        dropout = reader.double("dropout", default: 0, in: .from(0, below: 1))
        recurrentDropout = reader.double("recurrent_dropout", default: 0, in: .from(0, below: 1))
        guard let units, let activation, let recurrentActivation else { return nil }
        self.units = units
        self.activation = activation
        self.recurrentActivation = recurrentActivation
    }

    /// The kernels for inputs of so many numbers, each with the columns of all gates; those of more numbers than a variable
    /// can have are a fault.
    func kernels(_ part: String, width: Int, gates: Int) throws(SpecError) -> [LayerVariable] {
        let columns = gates.multipliedSaturated(by: units)
        for rows in [width, units] where rows.multipliedSaturated(by: columns) > SpecLimit.elements {
            throw SpecError(
                unitsPointer,
                "units \(units) on \(width) inputs make a kernel of more than \(SpecLimit.elements) numbers")
        }
        return [
            kernel.variable("\(part)/kernel", [width, columns]),
            recurrent.variable("\(part)/recurrent_kernel", [units, columns]),
        ]
    }
}

extension Activation {
    /// Reads the member: null is `linear`, and `fallback` is what it is where the member is not there. What is computed here goes
    /// on to the next step, so that no function is taken that gives fewer numbers.
    init?(_ reader: ObjectReader, _ name: String, default fallback: Activation) {
        let value = reader.value(name)
        guard reader.members[name] != nil else {
            self = fallback
            return
        }
        self.init(value, at: reader.pointer(to: name), faults: reader.faults)
        if self == .glu {
            reader.fault(
                name, "glu gives half as many numbers as it takes, and a recurrent layer needs as many in each step",
                code: SpecError.notSupported)
            return nil
        }
    }
}
