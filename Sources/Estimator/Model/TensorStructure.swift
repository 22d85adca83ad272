public import Graph
public import OrderedCollections

/// Features or labels as a model function sees them: one value or several by name, in a fixed order
/// (TensorFlow: a tensor or a dictionary of tensors).
public enum Structure<Element> {
    /// One value without a name.
    case single(Element)
    /// Values by name; their order is that of the infeed tuple.
    case named(OrderedDictionary<String, Element>)

    /// The values in the order of the infeed tuple.
    public var elements: [Element] {
        switch self {
        case .single(let element): [element]
        case .named(let elements): Array(elements.values)
        }
    }

    /// How many values there are.
    package var count: Int { elements.count }

    /// The names in order; none for a single value.
    package var names: [String] {
        switch self {
        case .single: []
        case .named(let elements): Array(elements.keys)
        }
    }

    /// The value of that name, nil when there is none.
    public subscript(name: String) -> Element? {
        switch self {
        case .single: nil
        case .named(let elements): elements[name]
        }
    }

    /// The value when there is exactly one, with or without a name.
    public var only: Element? {
        switch self {
        case .single(let element): element
        case .named(let elements): elements.count == 1 ? elements.values.first : nil
        }
    }

    /// The same structure over what the closure makes of each value.
    package func map<Other, Failure>(
        _ transform: (Element) throws(Failure) -> Other
    ) throws(Failure) -> Structure<Other> {
        switch self {
        case .single(let element): return .single(try transform(element))
        case .named(let elements):
            var result: OrderedDictionary<String, Other> = [:]
            for (name, element) in elements { result[name] = try transform(element) }
            return .named(result)
        }
    }
}

extension Structure: Equatable where Element: Equatable {}

extension Structure: Hashable where Element: Hashable {}

extension Structure: Sendable where Element: Sendable {}

/// Symbolic tensors of a model function's features or labels.
public typealias TensorStructure = Structure<Tensor>

/// Types of features or labels, without the batch axis.
public typealias TypeStructure = Structure<TensorType>
