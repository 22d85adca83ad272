import OrderedCollections

/// What a function takes that is called on the host with tensors by position or by name (TensorFlow: what inspecting a Python
/// function tells).
struct HostParameters: Sendable, Hashable {
    /// The positional parameters, in order; those with defaults count.
    let names: [String]
    /// Of these the ones that a call may leave out.
    let optional: Set<String>
    /// Whether it takes tensors by position beyond its parameters (`*args`).
    let takesMorePositions: Bool
    /// Whether it takes tensors by other names than its parameters' (`**kwargs`).
    let takesMoreNames: Bool

    /// Why tensors don't fit.
    enum Mismatch: Error {
        /// There are more than parameters.
        case count(expected: Int, actual: Int)
        /// Some are missing, or have names that no parameter has.
        case names(missing: [String], unexpected: [String])
    }

    /// Tensors as the function finds them.
    struct Bound<Value> {
        /// The tensor of each parameter; none where it was left to its default.
        var named: OrderedDictionary<String, Value> = [:]
        /// Those by position beyond the parameters.
        var morePositions: [Value] = []
        /// Those by other names.
        var moreNames: OrderedDictionary<String, Value> = [:]
    }

    /// Gives each tensor to its parameter.
    func bind<Value>(_ tensors: MetricTensors<Value>) throws(Mismatch) -> Bound<Value> {
        var bound = Bound<Value>()
        switch tensors {
        case .positional(let given):
            if given.count > names.count, !takesMorePositions {
                throw .count(expected: names.count, actual: given.count)
            }
            for (name, tensor) in zip(names, given) { bound.named[name] = tensor }
            bound.morePositions = Array(given.dropFirst(names.count))
        case .named(let given):
            for (name, tensor) in given {
                if names.contains(name) { bound.named[name] = tensor } else { bound.moreNames[name] = tensor }
            }
        }
        let missing = names.filter { bound.named[$0] == nil && !optional.contains($0) }
        let unexpected = takesMoreNames ? [] : Array(bound.moreNames.keys)
        guard missing.isEmpty, unexpected.isEmpty else { throw .names(missing: missing, unexpected: unexpected) }
        return bound
    }
}
