extension GraphBuilder {
    /// The result of a node of this builder.
    package func tensor(_ id: ValueID) -> Tensor { Tensor(builder: self, id: id, type: program[id].type) }
}
