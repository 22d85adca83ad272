public import OrderedCollections

/// The `params` that model and input functions are given: the user's own values and the batch size
/// (TPUEstimator's reserved key `batch_size`).
public struct ModelParameters: Sendable, Equatable {
    /// The user's values; never one called `batch_size`.
    package var values: OrderedDictionary<String, ParameterValue>
    /// Rows of the batch that the function deals with: one core's for the model function, one host's (or core's) for
    /// the input function; nil when the source hands over none (prediction, evaluation on the CPU without a size).
    public var batchSize: Int?

    /// The key that users can't set.
    package static let reservedKey = "batch_size"

    /// Values without a batch size yet.
    public init(_ values: OrderedDictionary<String, ParameterValue> = [:], batchSize: Int? = nil) {
        self.values = values
        self.batchSize = batchSize
    }

    /// The user's value of that name.
    public subscript(name: String) -> ParameterValue? { values[name] }

    /// The same values with another batch size.
    package func with(batchSize: Int?) -> ModelParameters { ModelParameters(values, batchSize: batchSize) }
}

/// One value of `params`: what JSON can say.
public indirect enum ParameterValue: Sendable, Equatable {
    /// JSON's null.
    case null
    /// True or false.
    case bool(Bool)
    /// A whole number.
    case int(Int)
    /// A number with a fraction or beyond a machine word.
    case double(Double)
    /// A string of any length.
    case string(String)
    /// Values in order.
    case array([ParameterValue])
    /// Values by name.
    case object(OrderedDictionary<String, ParameterValue>)
}
