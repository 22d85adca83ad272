import Executor
import Graph
import Testing

/// What the reference kernels make of values.
enum Reference {
    /// The op's result, of the type that the rules derive.
    static func evaluate(_ op: Op, _ operands: [ReferenceValue]) throws -> ReferenceValue {
        let type = try TypeRules(infeed: [], variables: []).result(op, operands.map(\.type))
        return try #require(ReferenceKernels.evaluate(op, operands, type))
    }

    /// A vector unless a shape is given.
    static func value(_ dtype: DType, _ elements: [Double], _ shape: Shape? = nil) -> ReferenceValue {
        ReferenceValue(Literal(type: TensorType(dtype, shape ?? [elements.count]), doubles: elements))
    }
}
