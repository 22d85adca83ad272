import Formats
import Graph

/// A layer of a Sequential model: what it makes of a shape and of a tensor. Shapes are those of one row, without the
/// batch axis.
protocol Layer: Sendable {
    /// Unique in the model; variables are named `<name>/<variable>`.
    var name: String { get }
    /// Where the layer is in the job.
    var pointer: JSONPointer { get }
    /// Keras' class, for the summary.
    static var className: String { get }
    /// Whether variables are trained.
    var isTrainable: Bool { get }

    /// The shape of one row of the output; a shape that the layer can't take is a fault.
    func outputShape(_ input: [Int]) throws(SpecError) -> [Int]
    /// The variables for one row of that shape, in Keras' order.
    func variables(_ input: [Int]) -> [LayerVariable]
    /// Adds the layer to a graph. `variables` are those of ``variables(_:)``, in the same order.
    func call(_ x: Tensor, _ variables: [GraphVariable]) -> Tensor
}

extension Layer {
    func variables(_ input: [Int]) -> [LayerVariable] { [] }
    var isTrainable: Bool { true }
}

/// A variable that a layer needs.
struct LayerVariable: Sendable {
    /// `kernel`, `bias`.
    let name: String
    let shape: [Int]
    let initializer: Initializer
}

/// What every layer's configuration has.
struct LayerCommon: Sendable {
    let name: String
    let pointer: JSONPointer
    let version: KerasVersion
    /// Whether the model's layers are trained at all.
    let modelIsTrainable: Bool
}
