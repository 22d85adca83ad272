import Graph

/// The kernel of each op that is not elementwise.
enum KernelTable {
    /// A kernel and the extent of the first axis when the node is computed as a whole.
    ///
    /// - Parameter sharesUpstream: for a cross entropy's gradient, whether all rows have the same upstream value.
    static func kernel(
        _ node: Node, operands: [TensorType], sharesUpstream: Bool = false
    ) throws(ExecutorError) -> (any Kernel, rows: Int) {
        let resultRows = node.type.shape.dimensions.first ?? 1
        let operandRows = operands.first?.shape.dimensions.first ?? 1
        let found: (any Kernel)?
        var rows = resultRows
        switch node.op {
        case .iota: found = IotaKernel(node)
        case .randomUniform: found = RandomUniformKernel(node)
        case .broadcast, .transpose, .slice, .reverse: found = RearrangeKernel(node, operand: operands[0])
        case .pad:
            found = PadKernel(node, operand: operands[0])
            rows = operandRows
        case .concatenate: found = ConcatenateKernel(node, operands: operands)
        case .dot:
            found = DotKernel(node, operands: operands)
            rows = operandRows
        case .reduce:
            found = try ReduceKernel(node, operand: operands[0])
            rows = operandRows
        case .argMax:
            found = ArgMaxKernel(node, operand: operands[0])
            rows = operandRows
        case .softmax, .logSoftmax: found = SoftmaxKernel(node)
        case .convolution, .convolutionInputGradient, .convolutionFilterGradient:
            found = ConvolutionKernel(node, operands: operands)
            rows = operandRows
        case .pool, .maxPoolGradient, .sumPoolGradient: found = PoolKernel(node, operands: operands)
        case .gather:
            found = GatherKernel(node, operands: operands)
            rows = operands[1].shape.dimensions.first ?? 1
        case .scatterAdd:
            found = ScatterAddKernel(node, operands: operands)
            rows = operandRows
        case .cumulativeSum: found = CumulativeSumKernel(node)
        case .sparseSoftmaxCrossEntropy, .sparseSoftmaxCrossEntropyGradient:
            found = CrossEntropyKernel(node, operands: operands, sharesUpstream: sharesUpstream)
        case .infeed, .constant, .readVariable, .replicaIndex, .reshape, .assign, .crossReplicaSum,
            .crossReplicaGroupSum, .unary, .binary, .compare, .logical, .select, .convert:
            found = nil
        }
        guard let found else { throw ExecutorError(.unsupported, "the op has no kernel of its own", at: node) }
        return (found, rows)
    }
}
