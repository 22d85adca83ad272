import Estimator
import Formats
import Graph
import Testing

/// A graph whose tensors go by the names that a case gives them.
final class SeedGraph {
    let builder: GraphBuilder
    private var names: [ValueID: String] = [:]
    /// What an unknown extent is here.
    private let batch: Int

    init(_ builder: GraphBuilder = GraphBuilder(), batch: Int = 4) {
        self.builder = builder
        self.batch = batch
    }

    /// A tensor of the graph for one of a case; of a type that the graph has not, one of float32.
    func tensor(_ signature: TensorSignature) throws -> Tensor {
        let shape = (signature.shape ?? [nil]).map { $0 ?? batch }
        // Each is a value of its own, so that its number tells whose it is.
        let tensor = builder.constant(
            Double(names.count), shape: Shape(shape), dtype: DType(rawValue: signature.dtype) ?? .float32)
        names[try #require(tensor.id)] = signature.name
        return tensor
    }

    /// The name of a tensor made here.
    func name(_ tensor: Tensor) -> String? { tensor.id.flatMap { names[$0] } }

    /// The calls of metric functions by the cases' names of the tensors.
    func renamed(_ log: TraceLog, operations: EvalMetricOperations?) -> Observed {
        .list(
            log.records.compactMap { record in
                guard case .build(.metricFunction(let arguments)) = record.event else { return nil }
                return .object([
                    "arguments": .list(
                        arguments.parameters.map { parameter in
                            let name = arguments.tensors[parameter].flatMap { operations?.tensors[$0.name] }
                            return .list([.string(parameter), .optional(name.flatMap(self.name))])
                        })
                ])
            })
    }
}
