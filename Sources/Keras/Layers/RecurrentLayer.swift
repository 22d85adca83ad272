import Formats
import Graph

/// A cell called once for each time step, with what it gave in the step before (Keras: `SimpleRNN`, `LSTM`, `GRU`). All steps
/// are nodes of the graph. Masked steps leave the states as they are.
struct RecurrentLayer: UnaryLayer {
    let common: LayerHeader
    private let cell: any RecurrentCell
    /// Whether the outputs of all steps come out, else the last.
    let returnsSequences: Bool
    private(set) var goesBackwards: Bool
    /// Whether masked steps give zeros, else what came out before.
    private var givesZeros: Bool
    private let activityRegularizer: Regularizer?

    /// Time steps that a row may have.
    static let maximumSteps = 4096

    init?<Cell: RecurrentCell>(_ common: LayerHeader, _ reader: ObjectReader, _ cell: Cell.Type) {
        self.common = common
        returnsSequences = reader.bool("return_sequences", default: false)
        goesBackwards = reader.bool("go_backwards", default: false)
        givesZeros = reader.bool("zero_output_for_mask", default: false)
        activityRegularizer = Regularizer(reader, "activity_regularizer")
        reader.notSupported("return_state", unless: false)
        reader.notSupported("stateful", unless: false)
        reader.notSupported("time_major", unless: false)
        // How it is computed; a seed fixes Keras' own numbers alone.
        reader.accept("unroll", "implementation", "use_cudnn", "input_length", "input_dim", "seed")
        guard let cell = cell.init(common, reader) else { return nil }
        self.cell = cell
    }

    /// The same in the opposite direction.
    func turned() -> RecurrentLayer {
        var layer = self
        layer.goesBackwards.toggle()
        return layer
    }

    /// The layer as one direction of a `Bidirectional`.
    func asDirection() -> RecurrentLayer {
        var layer = self
        layer.givesZeros = returnsSequences
        return layer
    }

    var masking: Masking { returnsSequences ? .passes : .drops }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        guard input.count == 2 else {
            throw SpecError(
                pointer,
                "\(name) (\(common.className)) takes rows [time, features], but a row of its input has the shape \(input)"
            )
        }
        guard input[0] <= RecurrentLayer.maximumSteps else {
            throw SpecError(
                pointer,
                "\(name) (\(common.className)) takes at most \(RecurrentLayer.maximumSteps) time steps, not \(input[0])",
                code: SpecError.notSupported)
        }
        let units = cell.settings.units
        let inStep = (2 * type(of: cell).gates + 4).multipliedSaturated(by: units)
        return LayerPlan(
            returnsSequences ? [input[0], units] : [units], variables: try cell.variables(width: input[1]),
            numbers: inStep.multipliedSaturated(by: input[0]))
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        let y = run(x, call)
        if let activityRegularizer { call.addActivityPenalty(y, activityRegularizer) }
        return y
    }

    private func run(_ x: Tensor, _ call: LayerCall) -> Tensor {
        let kind = type(of: cell)
        let products = RecurrentProducts(x, cell.settings, part: kind.part, gates: kind.gates, call)
        let steps = cell.steps(products, call)
        let zeros = call.builder.constant(0, shape: [x.shape[0], cell.settings.units])
        let mask = call.masks.first ?? nil
        var states = [Tensor](repeating: zeros, count: kind.states)
        var outputs: [Tensor] = []
        for place in goesBackwards ? Array(steps.indices.reversed()) : Array(steps.indices) {
            let new = cell.step(steps[place], states, products, call)
            guard let counts = mask?.slice(place..<(place + 1), axis: 1) else {
                states = new
                outputs.append(new[0])
                continue
            }
            states = zip(new, states).map { counts.select($0, $1) }
            // The first state is the output, and stays where the step is masked.
            outputs.append(givesZeros ? counts.select(new[0], zeros) : states[0])
        }
        guard returnsSequences else { return outputs.last ?? zeros }
        let rows = outputs.map { $0.reshape(to: [$0.shape[0], 1, $0.shape[1]]) }
        return call.builder.concatenate(rows, axis: 1)
    }
}
