public import Graph

/// Builds one core's computation on one core's batch. It is called once for each program that is built (training,
/// evaluation, another batch size), never for each step, and must build the same for the same arguments.
///
/// Arguments: features; labels, nil when the input has none; the mode; `params` with the core's batch size in
/// `batchSize`; the builder to build with.
public typealias ModelFunction =
    @Sendable (
        _ features: TensorStructure, _ labels: TensorStructure?, _ mode: ModeKeys, _ params: ModelParameters,
        _ builder: GraphBuilder
    ) throws -> TPUEstimatorSpec
