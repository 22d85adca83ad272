package import Graph

/// What an executor refuses or fails at.
package struct ExecutorError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of fault.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// `ExecutorOptions` that make no sense.
        case invalidOptions
        /// The program has no variable of this name.
        case unknownVariable
        /// Bytes that don't fit the variable or the slot.
        case sizeMismatch
        /// An op, or a type of it, that this executor has no kernel for.
        case unsupported
        /// A kernel or library call reported a failure.
        case kernelFailed
        /// The system has no room for one more thread.
        case threadNotStarted
        /// More memory than the machine has.
        case tooLarge
        /// A program that reached the executor is malformed.
        case invalidProgram
    }

    /// The kind of fault.
    package let code: Code
    /// What happened, as a sentence without the final point.
    package let detail: String
    /// The op concerned.
    package let op: String?
    /// The name of the node concerned.
    package let node: String?

    /// A fault of this kind, at an op and a node if it has such a place.
    package init(_ code: Code, _ detail: String, op: String? = nil, node: String? = nil) {
        self.code = code
        self.detail = detail
        self.op = op
        self.node = node
    }

    /// A fault at a node.
    package init(_ code: Code, _ detail: String, at node: Node) {
        self.init(code, detail, op: node.op.name, node: node.name)
    }

    /// As `kernelFailed at dot 'dense/MatMul': …`.
    package var description: String {
        let place = [op, node.map { "'\($0)'" }].compactMap(\.self).joined(separator: " ")
        return "\(code.rawValue)\(place.isEmpty ? "" : " at \(place)"): \(detail)"
    }
}
