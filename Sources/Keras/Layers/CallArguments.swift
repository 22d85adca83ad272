package import Formats
package import OrderedCollections

/// How a layer is called: which of its inputs was given for which argument, and the arguments that are not tensors.
package struct CallArguments: Sendable {
    /// One argument.
    package indirect enum Value: Sendable, Equatable {
        /// An input, by its place among the inputs.
        case input(Int)
        /// Several arguments in a list.
        case list([Value])
        /// A number, a flag, a word.
        case constant(JSON)
    }

    /// Those given by place.
    package let positional: [Value]
    /// Those given by name; none that is null.
    package let keywords: OrderedDictionary<String, Value>
    /// Where the call is in the job; nil: it is not written there (a Sequential model's layers, a wrapped layer).
    package let pointer: JSONPointer?

    /// A call with these arguments.
    package init(_ positional: [Value], keywords: OrderedDictionary<String, Value> = [:], pointer: JSONPointer? = nil) {
        self.positional = positional
        self.keywords = keywords
        self.pointer = pointer
    }

    /// A call with so many tensors and nothing else. Default one.
    package static func tensors(_ count: Int = 1) -> CallArguments { CallArguments((0..<count).map { .input($0) }) }

    /// The argument of this name; nil where it is not given.
    ///
    /// - Parameter position: the place that it has where arguments are given by place; nil: it has none.
    package func value(_ name: String, position: Int? = nil) -> Value? {
        if let named = keywords[name] { return named }
        guard let position, positional.indices.contains(position) else { return nil }
        return positional[position]
    }

    /// The place among the inputs of the tensor given for this argument; nil where none is.
    package func input(_ name: String, position: Int? = nil) -> Int? {
        if case .input(let place) = value(name, position: position) { place } else { nil }
    }

    /// What is given by place and is not a tensor, be it in a list.
    var constants: [JSON] { positional.flatMap(CallArguments.constants) }

    private static func constants(_ value: Value) -> [JSON] {
        switch value {
        case .input: []
        case .list(let values): values.flatMap(constants)
        case .constant(let constant): [constant]
        }
    }

    /// An argument that is true or false.
    package func flag(_ name: String, position: Int? = nil, default fallback: Bool = false) throws(SpecError) -> Bool {
        switch value(name, position: position) {
        case nil, .constant(.null): return fallback
        case .constant(.bool(let value)): return value
        case .constant(let other):
            throw SpecError(pointer ?? .root, "\(name) must be true or false, not \(other.inWords)")
        case .input, .list: throw SpecError(pointer ?? .root, "\(name) must be true or false, not a tensor")
        }
    }
}
