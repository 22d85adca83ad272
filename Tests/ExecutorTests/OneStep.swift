import Executor
import Graph
import Testing

/// One step of a small program on one core.
enum OneStep {
    /// What `make` makes of operands that come by the infeed, as rows that lanes cut, and of operands that are
    /// variables, whole values that all cores have in common: both ways, with the results of each.
    static func results(
        _ executor: ExecutorUnderTest, _ operands: [Literal], _ make: ([Tensor]) -> [Tensor]
    ) throws -> [[Literal]] {
        let builder = GraphBuilder()
        let ways = [
            operands.map { builder.infeed($0.type) },
            operands.enumerated().map { place, literal in
                builder.variable(
                    "v\(place)", shape: literal.type.shape, dtype: literal.type.dtype, initializer: .literal(literal),
                    isTrainable: false
                ).value
            },
        ].map(make)
        let outfeed = ways.enumerated().flatMap { way, tensors in
            tensors.enumerated().map { (name: "\(way)/\($0.offset)", value: $0.element) }
        }
        let outputs = try executor.step(builder.finish(outfeed: outfeed), inputs: operands.map(\.bytes))
        return try ways.enumerated().map { way, tensors in
            try tensors.enumerated().map {
                Literal(type: $0.element.type, bytes: try #require(outputs["\(way)/\($0.offset)"]))
            }
        }
    }

    /// The indices of all elements of a shape, in row-major order.
    static func indices(of shape: Shape) -> [[Int]] {
        shape.dimensions.reduce([[]]) { prefixes, extent in
            prefixes.flatMap { prefix in (0..<extent).map { prefix + [$0] } }
        }
    }
}
