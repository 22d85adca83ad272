public import Estimator

extension ModelParameters {
    /// A number, also a whole one.
    ///
    /// - Parameter fallback: what it is where the job doesn't give it, or null.
    /// - Throws: ``ProgramError/parameter(name:expected:found:)`` for another value.
    public func number(_ name: String, default fallback: Double) throws(ProgramError) -> Double {
        switch self[name] {
        case nil, .null?: return fallback
        case .double(let value)?: return value
        case .int(let value)?: return Double(value)
        case let other?: throw .parameter(name: name, expected: "a number", found: other.inWords)
        }
    }

    /// A whole number.
    ///
    /// - Parameter fallback: what it is where the job doesn't give it, or null.
    /// - Throws: ``ProgramError/parameter(name:expected:found:)`` for another value.
    public func integer(_ name: String, default fallback: Int) throws(ProgramError) -> Int {
        switch self[name] {
        case nil, .null?: return fallback
        case .int(let value)?: return value
        case let other?: throw .parameter(name: name, expected: "a whole number", found: other.inWords)
        }
    }

    /// A string.
    ///
    /// - Parameter fallback: what it is where the job doesn't give it, or null.
    /// - Throws: ``ProgramError/parameter(name:expected:found:)`` for another value.
    public func string(_ name: String, default fallback: String) throws(ProgramError) -> String {
        switch self[name] {
        case nil, .null?: return fallback
        case .string(let value)?: return value
        case let other?: throw .parameter(name: name, expected: "a string", found: other.inWords)
        }
    }

    /// True or false.
    ///
    /// - Parameter fallback: what it is where the job doesn't give it, or null.
    /// - Throws: ``ProgramError/parameter(name:expected:found:)`` for another value.
    public func flag(_ name: String, default fallback: Bool) throws(ProgramError) -> Bool {
        switch self[name] {
        case nil, .null?: return fallback
        case .bool(let value)?: return value
        case let other?: throw .parameter(name: name, expected: "true or false", found: other.inWords)
        }
    }
}

extension ParameterValue {
    /// The value, or its kind, as messages have it.
    fileprivate var inWords: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .int(let value): "\(value)"
        case .double(let value): "\(value)"
        case .string(let value): "the string \"\(value.prefix(40))\""
        case .array: "a list"
        case .object: "an object"
        }
    }
}
