/// Which node's result is meant: its place in `Program.nodes`.
package struct ValueID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Place in `Program.nodes`, from 0.
    package let index: Int

    /// The value of the node at this place.
    package init(_ index: Int) { self.index = index }

    /// Earlier in the program.
    package static func < (a: ValueID, b: ValueID) -> Bool { a.index < b.index }

    /// As `%3`.
    package var description: String { "%\(index)" }
}

/// One operation of a program with its single result.
package struct Node: Sendable, Hashable {
    /// What it computes.
    package var op: Op
    /// What it computes on: earlier nodes.
    package var operands: [ValueID]
    /// The type of its result, as `TypeRules` derives it.
    package var type: TensorType
    /// A scoped name as TensorFlow's (`dense/MatMul`), unique in the program.
    package var name: String

    /// A node of these parts, unchecked; the verifier checks.
    package init(op: Op, operands: [ValueID], type: TensorType, name: String) {
        self.op = op
        self.operands = operands
        self.type = type
        self.name = name
    }
}
