import Formats
import Graph

/// A stack of layers (Keras: `Sequential`).
struct SequentialModel: Sendable {
    let name: String
    /// Where the model is in the job.
    let pointer: JSONPointer
    let layers: [any Layer]
    /// The shape of one row, where the model says one; nil: that of the data counts.
    let inputShape: [Int]?
    /// Where that shape, or else the model, is.
    let inputPointer: JSONPointer

    /// The shape after each layer for rows of the given shape; a layer that can't take its input is a fault.
    func shapes(_ input: [Int]) throws(SpecError) -> [[Int]] {
        var shapes: [[Int]] = []
        var shape = input
        for layer in layers {
            shape = try layer.outputShape(shape)
            guard shape.saturatedProduct <= SpecLimit.elements else {
                throw SpecError(
                    layer.pointer,
                    "\(layer.name) makes rows of shape \(shape), more than \(SpecLimit.elements) numbers each")
            }
            shapes.append(shape)
        }
        return shapes
    }

    /// Bytes that a batch of so many rows takes on its way through the layers, and the variables; what a program makes
    /// of it may be less.
    func bytes(_ input: [Int], rows: Int) throws(SpecError) -> Int {
        var before = input
        var numbers = input.saturatedProduct
        var variables = 0
        for (layer, shape) in zip(layers, try shapes(input)) {
            for variable in layer.variables(before) {
                variables = variables.addingSaturated(variable.shape.saturatedProduct)
            }
            numbers = numbers.addingSaturated(shape.saturatedProduct)
            before = shape
        }
        return numbers.multipliedSaturated(by: rows).addingSaturated(variables).multipliedSaturated(by: 4)
    }

    /// Adds the whole model to a graph: `x` is a batch of rows; the result is the last layer's output.
    func call(_ x: Tensor, in builder: GraphBuilder) -> Tensor {
        layers.reduce(x.cast(to: .float32)) { x, layer in
            let variables = layer.variables(Array(x.shape.dimensions.dropFirst())).map {
                builder.variable(
                    "\(layer.name)/\($0.name)", shape: Shape($0.shape), initializer: $0.initializer,
                    isTrainable: layer.isTrainable, isScoped: false)
            }
            return layer.call(x, variables)
        }
    }

    /// One row of the summary and of the plan for each layer.
    func outline(_ input: [Int]) throws(SpecError) -> [LayerOutline] {
        let shapes = try shapes(input)
        var before = input
        return layers.indices.map { place in
            let layer = layers[place]
            let variables = layer.variables(before).map { (name: "\(layer.name)/\($0.name)", shape: $0.shape) }
            before = shapes[place]
            return LayerOutline(
                name: layer.name, className: type(of: layer).className, outputShape: before, variables: variables,
                isTrainable: layer.isTrainable)
        }
    }
}

/// A layer in words and numbers.
struct LayerOutline {
    let name: String
    let className: String
    /// Of one row.
    let outputShape: [Int]
    let variables: [(name: String, shape: [Int])]
    let isTrainable: Bool

    /// Numbers in the layer's variables.
    var parameters: Int { variables.reduce(0) { $0.addingSaturated($1.shape.saturatedProduct) } }
}
