import Formats
import Graph

/// What a recurrent layer does in one time step.
protocol RecurrentCell: Sendable {
    /// The path of its variables below the layer's.
    static var part: String { get }
    /// How many states go from step to step, each of as many numbers as units; the first is the step's output.
    static var states: Int { get }
    /// How many times the units the kernels have columns.
    static var gates: Int { get }

    /// Reads its members; nil where one is at fault.
    init?(_ common: LayerHeader, _ reader: ObjectReader)

    var settings: RecurrentSettings { get }
    /// What its bias is for each gate; nil: it has none.
    var bias: LayerVariable? { get }

    /// The products of the inputs of each step, with what bias they have.
    func steps(_ products: RecurrentProducts, _ call: LayerCall) -> [Tensor]

    /// The states behind a step.
    ///
    /// - Parameter x: the step's products, [batch, gates · units].
    func step(_ x: Tensor, _ states: [Tensor], _ products: RecurrentProducts, _ call: LayerCall) -> [Tensor]
}

extension RecurrentCell {
    /// The kernels, and the bias where there is one.
    func variables(width: Int) throws(SpecError) -> [LayerVariable] {
        let kernels = try settings.kernels(Self.part, width: width, gates: Self.gates)
        return kernels + (bias.map { [$0] } ?? [])
    }

    /// The bias of a layer's call; nil: it has none.
    func bias(_ call: LayerCall) -> Tensor? { settings.useBias ? call["\(Self.part)/bias"] : nil }

    /// With the whole bias.
    func steps(_ products: RecurrentProducts, _ call: LayerCall) -> [Tensor] { products.steps(bias: bias(call)) }
}
