package import OrderedCollections

/// The tensors of evaluation metrics: in a list, or by the names of the metric function's parameters.
package enum MetricTensors<Element> {
    /// In the order of the parameters (TensorFlow: a tuple or a list).
    case positional([Element])
    /// By the names of the parameters (TensorFlow: a dictionary).
    case named(OrderedDictionary<String, Element>)

    /// The tensors in the order of the outfeed's tuple.
    package var elements: [Element] {
        switch self {
        case .positional(let elements): elements
        case .named(let elements): Array(elements.values)
        }
    }

    /// The names in order; none where the tensors have positions.
    package var keys: [String] {
        switch self {
        case .positional: []
        case .named(let elements): Array(elements.keys)
        }
    }

    /// The same form over what the closure makes of each tensor and its place.
    package func map<Other>(_ transform: (_ place: Int, Element) -> Other) -> MetricTensors<Other> {
        switch self {
        case .positional(let elements): return .positional(elements.enumerated().map { transform($0, $1) })
        case .named(let elements):
            var result: OrderedDictionary<String, Other> = [:]
            for (place, (name, element)) in elements.enumerated() { result[name] = transform(place, element) }
            return .named(result)
        }
    }
}

extension MetricTensors: Sendable where Element: Sendable {}
