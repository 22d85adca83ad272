import Graph

/// A value that instructions define and read.
enum LoweredValue: Sendable, Hashable {
    /// The result of a node.
    case result(ValueID)
    /// The partial sums that lanes make of a reduction.
    case partials(of: ValueID)

    /// The node whose result it is; nil for partial sums.
    var node: ValueID? {
        switch self {
        case .result(let node): node
        case .partials: nil
        }
    }
}

extension LoweredValue: Comparable {
    /// Results in the nodes' order, then partial sums in the reductions'.
    static func < (a: LoweredValue, b: LoweredValue) -> Bool {
        switch (a, b) {
        case (.result(let a), .result(let b)), (.partials(let a), .partials(let b)): a < b
        case (.result, .partials): true
        case (.partials, .result): false
        }
    }
}
