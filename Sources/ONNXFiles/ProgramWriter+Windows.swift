import Graph

/// ONNX has channels before the spatial axes, programs have them last: what slides windows turns its operands first.
extension ProgramWriter {
    private mutating func channelsFirst(_ operand: String, axes: Int) -> String {
        graph.add("Transpose", [operand], ["perm": .integers([0, axes + 1] + Array(1...axes))])
    }

    private mutating func channelsLast(_ operand: String, axes: Int) -> String {
        graph.add("Transpose", [operand], ["perm": .integers([0] + Array(2...(axes + 1)) + [1])])
    }

    /// [k…, c, f] as [f, c, k…].
    private mutating func filter(_ operand: String, axes: Int) -> String {
        graph.add("Transpose", [operand], ["perm": .integers([axes + 1, axes] + Array(0..<axes))])
    }

    mutating func convolution(_ window: Window, _ groups: Int, _ operands: [String]) -> String {
        let axes = window.extents.count
        let inputs = [channelsFirst(operands[0], axes: axes), filter(operands[1], axes: axes)]
        let result = graph.add(
            "Conv", inputs,
            [
                "kernel_shape": .integers(window.extents), "strides": .integers(window.strides),
                "dilations": .integers(window.dilation), "pads": .integers(window.low + window.high),
                "group": .integer(groups),
            ])
        return channelsLast(result, axes: axes)
    }

    /// What a convolution makes of its input turned around: ONNX's transposed convolution.
    mutating func convolutionInputGradient(
        _ place: Int, _ window: Window, _ groups: Int, _ input: [Int], _ operands: [String]
    ) -> String {
        let axes = window.extents.count
        let upstream = one[one.nodes[place].operands[0]].type.shape.dimensions
        // Cells behind the last place of the window, which the strides leave over.
        let left = (0..<axes).map { axis in
            let span = (window.extents[axis] - 1) * window.dilation[axis] + 1
            return input[axis] + window.low[axis] + window.high[axis] - span
                - window.strides[axis] * (upstream[axis + 1] - 1)
        }
        let inputs = [channelsFirst(operands[0], axes: axes), filter(operands[1], axes: axes)]
        let result = graph.add(
            "ConvTranspose", inputs,
            [
                "kernel_shape": .integers(window.extents), "strides": .integers(window.strides),
                "dilations": .integers(window.dilation), "pads": .integers(window.low + window.high),
                "output_padding": .integers(left), "group": .integer(groups),
            ])
        return channelsLast(result, axes: axes)
    }

    mutating func pool(
        _ place: Int, _ pooling: Pooling, _ window: Window, _ operand: String, _ type: DType
    ) throws(ONNXError) -> String {
        let axes = window.extents.count
        let input = channelsFirst(operand, axes: axes)
        let pads = ONNXGraph.Attribute.integers(window.low + window.high)
        switch pooling {
        case .max:
            let result = graph.add(
                "MaxPool", [input],
                [
                    "kernel_shape": .integers(window.extents), "strides": .integers(window.strides),
                    "dilations": .integers(window.dilation), "pads": pads,
                ])
            return channelsLast(result, axes: axes)
        case .sum:
            guard window.dilation.allSatisfy({ $0 == 1 }) else {
                throw refused(place, "adds up windows with gaps, which can't be exported")
            }
            // The mean over all cells of the window, those of the padding included, times their number.
            let mean = graph.add(
                "AveragePool", [input],
                [
                    "kernel_shape": .integers(window.extents), "strides": .integers(window.strides), "pads": pads,
                    "count_include_pad": .integer(1),
                ])
            return channelsLast(graph.add("Mul", [mean, graph.scalar(Double(window.cells), type)]), axes: axes)
        }
    }
}
