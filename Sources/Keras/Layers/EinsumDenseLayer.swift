import Formats
import Graph

/// `activation(einsum(equation, x, kernel) + bias)` (Keras: `EinsumDense`), for equations that one product of matrices gives.
struct EinsumDenseLayer: UnaryLayer {
    static let className = "EinsumDense"
    let common: LayerHeader
    private let equation: EinsumEquation
    private let equationPointer: JSONPointer
    /// Without the batch axis; nil: the input's.
    private let outputShape: [Int?]
    private let outputPointer: JSONPointer
    private let biasAxes: [Character]
    private let activation: Activation
    private let kernel: VariableSettings
    private let bias: VariableSettings
    private let activityRegularizer: Regularizer?

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        self.common = common
        let equation = EinsumDenseLayer.equation(reader)
        equationPointer = reader.pointer(to: "equation")
        outputPointer = reader.pointer(to: "output_shape")
        let shape = EinsumDenseLayer.outputShape(reader)
        biasAxes = Array(reader.string("bias_axes") ?? "")
        let activation = Activation(
            reader.value("activation"), at: reader.pointer(to: "activation"), faults: reader.faults)
        kernel = VariableSettings(reader, "kernel", default: .glorotUniform)
        bias = VariableSettings(reader, "bias", default: .zeros)
        activityRegularizer = Regularizer(reader, "activity_regularizer")
        reader.notSupported("lora_rank")
        reader.notSupported("quantization_config")
        reader.accept("lora_alpha")
        guard let equation, let shape, let activation else { return nil }
        self.equation = equation
        self.activation = activation
        outputShape = shape
        for letter in biasAxes where !equation.output.contains(letter) {
            reader.fault("bias_axes", "\(letter) is not an axis of the result")
            return nil
        }
    }

    private static func equation(_ reader: ObjectReader) -> EinsumEquation? {
        guard let text = reader.string("equation", required: true, maxLength: 100) else { return nil }
        guard let equation = EinsumEquation(text) else {
            reader.fault(
                "equation",
                "\(text.quotedForMessage) is not supported: expected \"ab,bc->ac\" or \"...b,bc->...c\" in letters that are "
                    + "unique in each part", code: SpecError.notSupported)
            return nil
        }
        if let mismatch = equation.mismatch {
            reader.fault("equation", mismatch, code: SpecError.notSupported)
            return nil
        }
        return equation
    }

    /// One extent or a list; null is the input's.
    private static func outputShape(_ reader: ObjectReader) -> [Int?]? {
        guard let value = reader.value("output_shape", required: true) else { return nil }
        guard value.array != nil else { return reader.int("output_shape", in: 1 ... .max).map { [$0] } }
        var shape: [Int?] = []
        for (value, place) in reader.list("output_shape", count: 1...8) ?? [] {
            if value.isNull {
                shape.append(nil)
            } else if let extent = reader.element(value, at: place, in: 1 ... .max) {
                shape.append(extent)
            } else {
                return nil
            }
        }
        return shape.isEmpty ? nil : shape
    }

    // MARK: Shapes

    /// How many axes of a row are in the dots.
    private func elided(_ row: [Int]) -> Int { equation.isElided ? row.count - equation.input.count : 0 }

    /// The extent of each letter but the batch's.
    private func extents(_ row: [Int]) throws(SpecError) -> [Character: Int] {
        // The batch is the first letter, or in the dots.
        let letters = equation.isElided ? equation.input[...] : equation.input.dropFirst()
        let elided = elided(row)
        guard elided >= 0, letters.count + elided == row.count else {
            throw SpecError(
                equationPointer, "does not go with what \(name) (EinsumDense) takes: a row has the shape \(row)")
        }
        var extents: [Character: Int] = [:]
        for (letter, extent) in zip(letters, row.dropFirst(elided)) { extents[letter] = extent }
        let results = equation.isElided ? equation.output[...] : equation.output.dropFirst()
        guard results.count == outputShape.count else {
            throw SpecError(
                outputPointer,
                "has \(outputShape.count) extents, but the result has \(results.count) axes behind the batch")
        }
        for (letter, extent) in zip(results, outputShape) {
            if let known = extents[letter] {
                guard extent == nil || extent == known else {
                    throw SpecError(
                        outputPointer, "gives \(letter) the extent \(extent ?? 0), but the input has \(known)")
                }
            } else if let extent {
                extents[letter] = extent
            } else {
                throw SpecError(outputPointer, "does not say the extent of \(letter)")
            }
        }
        return extents
    }

    /// The bias stretches over the axes of the result that it does not name.
    private func biasShape(_ extents: [Character: Int]) -> [Int]? {
        guard let first = equation.output.firstIndex(where: biasAxes.contains) else { return nil }
        return equation.output[first...].map { biasAxes.contains($0) ? extents[$0] ?? 1 : 1 }
    }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        let extents = try extents(input)
        let shape = equation.kernel.map { extents[$0] ?? 1 }
        guard shape.saturatedProduct <= SpecLimit.elements else {
            throw SpecError(
                outputPointer, "makes a kernel of shape \(shape), more than \(SpecLimit.elements) numbers")
        }
        let results = equation.isElided ? equation.output[...] : equation.output.dropFirst()
        var variables = [kernel.variable("kernel", shape)]
        if let shape = biasShape(extents) { variables.append(bias.variable("bias", shape)) }
        return try activation.plan(
            input.prefix(elided(input)) + results.map { extents[$0] ?? 1 }, variables: variables, in: self)
    }

    // MARK: Call

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        let kernel = call["kernel"]
        let dots = x.rank - equation.input.count
        func place(_ letter: Character, _ letters: [Character]) -> Int { letters.firstIndex(of: letter) ?? 0 }
        // [axes that stay, summed] · [summed, brought].
        let kept = Array(0..<dots) + equation.kept.map { dots + place($0, equation.input) }
        let summed = equation.summed.map { dots + place($0, equation.input) }
        let keptShape = kept.map { x.shape[$0] }
        let count = summed.map { x.shape[$0] }.reduce(1, *)
        let brought = equation.brought.map { place($0, equation.kernel) }
        let broughtShape = brought.map { kernel.shape[$0] }
        let matrix = kernel.transposed(equation.summed.map { place($0, equation.kernel) } + brought)
            .reshape(to: [count, broughtShape.reduce(1, *)])
        let product = x.transposed(kept + summed).reshape(to: [keptShape.reduce(1, *), count]).matmul(matrix)
        let letters = equation.kept + equation.brought
        let order = Array(0..<dots) + equation.output.map { dots + place($0, letters) }
        var y = product.reshape(to: keptShape + broughtShape).transposed(order)
        if !biasAxes.isEmpty { y = y + call["bias"] }
        y = activation(y, version: common.version)
        if let activityRegularizer { call.addActivityPenalty(y, activityRegularizer) }
        return y
    }
}
