import Graph

extension Program {
    /// Floating-point operations of the program's products and convolutions, of one step of one core; all else is left out.
    var productFlops: Int {
        nodes.reduce(0) { sum, node in
            switch node.op {
            case .dot, .convolution, .convolutionInputGradient, .convolutionFilterGradient:
                sum + Cost.flops(node.op, node.operands.map { self[$0].type }, node.type)
            default: sum
            }
        }
    }
}
