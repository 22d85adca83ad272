import Formats
import Graph

/// A model followed through for inputs of known shapes.
struct ModelPlan: Sendable {
    /// The layers in the order of the summary.
    var layers: [LayerOutline] = []
    /// The model's variables by their full names, in Keras' order; those in frozen layers are not trained.
    var variables: [LayerVariable] = []
    /// The shape of one row of each output.
    var outputs: [[Int]] = []
    /// Numbers that one row takes on its way through all layers, the inputs among them.
    var numbers: Int
    private var names: Set<String> = []

    /// A plan of nothing yet.
    init(numbers: Int) { self.numbers = numbers }

    /// Bytes that a batch of so many rows takes on its way through the layers, and the variables; what a program makes
    /// of it may be less.
    func bytes(rows: Int) -> Int {
        variables.reduce(numbers.multipliedSaturated(by: rows)) { $0.addingSaturated($1.shape.saturatedProduct) }
            .multipliedSaturated(by: 4)
    }

    /// Counts one call of a layer.
    mutating func count(_ plan: LayerPlan, of layer: any Layer) throws(SpecError) {
        numbers = numbers.addingSaturated(plan.numbers)
        for shape in plan.outputs {
            guard shape.saturatedProduct <= SpecLimit.elements else {
                throw SpecError(
                    layer.pointer,
                    "\(layer.name) makes rows of shape \(shape), more than \(SpecLimit.elements) numbers each")
            }
            numbers = numbers.addingSaturated(shape.saturatedProduct)
        }
    }

    /// Adds a layer, with the variables of its first call.
    mutating func add(_ layer: any Layer, _ plan: LayerPlan, isTrainable: Bool) throws(SpecError) {
        let own = plan.variables.map {
            $0.inside(layer.name, isTrainable: isTrainable && layer.common.isTrainable)
        }
        for variable in own {
            if variable.shape.saturatedProduct > SpecLimit.elements {
                throw SpecError(
                    layer.pointer,
                    "\(variable.name) of shape \(variable.shape) has more than \(SpecLimit.elements) numbers")
            }
            if let words = variable.mismatch { throw SpecError(layer.pointer, words) }
            guard names.insert(variable.name).inserted else {
                throw SpecError(
                    layer.pointer,
                    "\(variable.name.quotedForMessage) is another variable's name, too; give the layer another name")
            }
        }
        variables += own
        layers.append(
            LayerOutline(
                name: layer.name, className: layer.common.className, outputs: plan.outputs, variables: own))
    }
}

/// A layer in words and numbers.
struct LayerOutline: Sendable {
    let name: String
    let className: String
    /// The shape of one row of each output.
    let outputs: [[Int]]
    /// By their full names.
    let variables: [LayerVariable]

    /// Numbers in the layer's variables.
    var parameters: Int { variables.parameters }
}

extension [LayerVariable] {
    /// Numbers in all of them.
    var parameters: Int { reduce(0) { $0.addingSaturated($1.shape.saturatedProduct) } }
}
