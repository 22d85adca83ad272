package import Graph

/// A number that evaluation reports: which tensors it reads and how it adds them up (TensorFlow: what `tf.metrics` returns, a
/// value and its update).
public struct Metric: Sendable {
    /// The name in the results.
    package var name: String
    /// The names of the tensors that it reads, in this order.
    package var inputs: [String]
    /// What the device makes of the inputs before they leave it: batch-major tensors, which the accumulator gets in their
    /// place. Nil: the inputs leave as they are.
    package let onDevice: (@Sendable ([Tensor]) -> [Tensor])?
    private let make: @Sendable () -> any MetricAccumulator

    /// A metric of the user's own: the closure makes an accumulator for each evaluation, which gets the tensors named, in this
    /// order.
    public init(name: String, inputs: [String], makeAccumulator: @escaping @Sendable () -> any MetricAccumulator) {
        self.init(name: name, inputs: inputs, onDevice: nil, makeAccumulator: makeAccumulator)
    }

    /// A metric whose tensors are made smaller on the device: ``onDevice``.
    package init(
        name: String, inputs: [String], onDevice: (@Sendable ([Tensor]) -> [Tensor])?,
        makeAccumulator: @escaping @Sendable () -> any MetricAccumulator
    ) {
        self.name = name
        self.inputs = inputs
        self.onDevice = onDevice
        make = makeAccumulator
    }

    /// Names that no metric may have: every evaluation reports these itself.
    package static let reservedNames: Set<String> = ["loss", HostVariable.globalStep.name]

    /// An accumulator that has seen nothing.
    package func makeAccumulator() -> any MetricAccumulator { make() }

    /// The metric under another name.
    package func named(_ name: String) -> Metric {
        Metric(name: name, inputs: inputs, onDevice: onDevice, makeAccumulator: make)
    }

    /// The metric whose positions count by weights, for one that has none yet: a further tensor, one number a row or a position.
    /// All metrics of this module take it; one of a user's own gets it behind its other tensors.
    package func weighted(by weights: String) -> Metric {
        Metric(name: name, inputs: inputs + [weights], onDevice: onDevice, makeAccumulator: make)
    }

    /// The metric that reads its tensors by other names.
    func renamingInputs(_ rename: (String) -> String) -> Metric {
        Metric(name: name, inputs: inputs.map(rename), onDevice: onDevice, makeAccumulator: make)
    }

    /// The metric that reads tensors of these names as its accumulator gets them.
    func reading(_ inputs: [String]) -> Metric { Metric(name: name, inputs: inputs, makeAccumulator: make) }
}

/// Adds up what the outfeed brings, step by step, over the rows of all cores.
public protocol MetricAccumulator: Sendable {
    /// Takes one step's tensors, all cores' rows in core order.
    ///
    /// - Throws: ``MetricError`` when types or shapes are not what the metric takes.
    mutating func update(_ tensors: [HostTensor]) throws
    /// The number so far; 0 before the first row, as TensorFlow's safe division gives.
    var value: Double { get }
}

/// Tensors that a metric can't be made of.
public struct MetricError: Error, Equatable, CustomStringConvertible {
    /// One sentence.
    public let description: String

    /// An error in one sentence.
    public init(_ description: String) { self.description = description }
}
