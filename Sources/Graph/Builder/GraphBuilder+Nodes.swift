extension GraphBuilder {
    /// The result of a node of this builder.
    package func tensor(_ id: ValueID) -> Tensor { Tensor(builder: self, id: id, type: program[id].type) }

    /// The value that a variable had when the step began; a name that no variable has is a fault, and gives a tensor that
    /// stands for nothing.
    package func value(ofVariable name: String) -> Tensor {
        variable(named: name)?.value
            ?? fail(
                GraphError(.invalidArgument, "no variable of this name exists", op: "variable", node: name),
                .scalar(.float32))
    }
}
