/// A fault in a graph: what a model function did wrong, or what the verifier found.
package struct GraphError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of fault.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// Shapes that don't go together.
        case shapeMismatch
        /// Element types that don't go together, or one that the op doesn't take.
        case typeMismatch
        /// An axis that the operand doesn't have, or one named twice.
        case invalidAxis
        /// Another attribute that makes no sense.
        case invalidArgument
        /// A wrong number of operands.
        case wrongOperandCount
        /// A variable's name was used before, or it is assigned twice.
        case duplicate
        /// A tensor of another builder.
        case foreignTensor
        /// A loss that is not one floating number.
        case notScalarLoss
        /// A program whose parts don't fit together: order, places, recorded types.
        case malformed
    }

    /// The kind of fault.
    package let code: Code
    /// What is wrong, as a sentence without the final point.
    package let detail: String
    /// The op concerned; empty when there is none.
    package let op: String
    /// The scoped name of the node concerned; empty when there is none.
    package let node: String

    /// A fault of this kind at this place.
    package init(_ code: Code, _ detail: String, op: String = "", node: String = "") {
        self.code = code
        self.detail = detail
        self.op = op
        self.node = node
    }

    /// The same fault at a place.
    package func at(op: String, node: String) -> GraphError { GraphError(code, detail, op: op, node: node) }

    /// As `shapeMismatch at add 'dense/Add': float32[2,3] and float32[4] …`.
    package var description: String {
        let place = [op, node.isEmpty ? "" : "'\(node)'"].filter { !$0.isEmpty }.joined(separator: " ")
        return "\(code.rawValue)\(place.isEmpty ? "" : " at \(place)"): \(detail)"
    }
}
