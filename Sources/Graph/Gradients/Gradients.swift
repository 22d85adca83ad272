extension GraphBuilder {
    /// Adds the nodes of reverse-mode gradients (`tf.gradients`): d(Σ loss · upstream) / d target for each target.
    /// A target that the loss doesn't depend on, or only through what has no gradient, gets zeros.
    ///
    /// - Parameters:
    ///   - loss: floating; usually a scalar.
    ///   - targets: any floating tensors of this builder; one of another builder is a fault, as such a loss is.
    ///   - upstream: weight of each of the loss's elements, of its type (another is a fault); ones by default.
    public func gradients(of loss: Tensor, withRespectTo targets: [Tensor], upstream: Tensor? = nil) -> [Tensor] {
        guard let lossID = loss.id, targets.allSatisfy({ $0.id != nil }) else { return targets.map { $0.nothing() } }
        if let fault = fault(of: loss, targets, upstream) { return targets.map { fail(fault, $0.type) } }
        return withScope("gradients") {
            let depends = dependents(of: targets.compactMap(\.id), upTo: lossID)
            var upstreams: [ValueID: Tensor] = [:]
            var slices: [ValueID: SliceGradients] = [:]
            upstreams[lossID] = upstream ?? constant(1, shape: loss.shape, dtype: loss.dtype)
            for place in stride(from: lossID.index, through: 0, by: -1) where depends[place] {
                let id = ValueID(place)
                for part in slices.removeValue(forKey: id)?.parts(of: tensor(id)) ?? [] { upstreams.add(part, to: id) }
                guard let upstream = upstreams[id] else { continue }
                if let slice = SliceGradients.Slice(program, id, upstream) {
                    let operand = program[id].operands[0]
                    if depends[operand.index], !gradientStops.contains(id) {
                        slices[operand, default: SliceGradients()].add(slice)
                    }
                    continue
                }
                propagate(upstream, through: id, depends, into: &upstreams)
            }
            return targets.map { target in
                target.id.flatMap { upstreams[$0] } ?? constant(0, shape: target.shape, dtype: target.dtype)
            }
        }
    }

    /// The gradients of a loss with respect to variables' values at the step's start.
    public func gradients(of loss: Tensor, withRespectTo variables: [GraphVariable]) -> [Tensor] {
        gradients(of: loss, withRespectTo: variables.map(\.value))
    }

    private func fault(of loss: Tensor, _ targets: [Tensor], _ upstream: Tensor?) -> GraphError? {
        func fault(_ code: GraphError.Code, _ detail: String) -> GraphError {
            GraphError(code, detail, op: "gradients")
        }
        if loss.builder !== self { return fault(.foreignTensor, "the loss belongs to another builder") }
        if targets.contains(where: { $0.builder !== self }) {
            return fault(.foreignTensor, "a target belongs to another builder")
        }
        if !loss.dtype.isFloating { return fault(.typeMismatch, "\(loss.type) has no gradient") }
        guard let upstream else { return nil }
        if upstream.builder !== self { return fault(.foreignTensor, "the upstream belongs to another builder") }
        if upstream.type == loss.type { return nil }
        return fault(
            upstream.dtype == loss.dtype ? .shapeMismatch : .typeMismatch,
            "the upstream is \(upstream.type); expected the loss's type, \(loss.type)")
    }

    /// For each node up to the loss: does a gradient flow from it to one of these?
    private func dependents(of targets: [ValueID], upTo loss: ValueID) -> [Bool] {
        var depends = [Bool](repeating: false, count: loss.index + 1)
        let targets = Set(targets)
        for place in 0...loss.index {
            let id = ValueID(place)
            let node = program[id]
            let passes = node.type.dtype.isFloating && !gradientStops.contains(id)
            depends[place] = targets.contains(id) || (passes && node.operands.contains { depends[$0.index] })
        }
        return depends
    }

    private func propagate(
        _ upstream: Tensor, through id: ValueID, _ depends: [Bool], into upstreams: inout [ValueID: Tensor]
    ) {
        let node = program[id]
        guard !gradientStops.contains(id), node.operands.contains(where: { depends[$0.index] }) else { return }
        let operands = node.operands.map { Tensor(builder: self, id: $0, type: program[$0].type) }
        let result = Tensor(builder: self, id: id, type: node.type)
        let contributions = GradientRules.row(node.op, operands, result, upstream)
        for (operand, contribution) in zip(node.operands, contributions) where depends[operand.index] {
            guard let contribution else { continue }
            upstreams.add(contribution, to: operand)
        }
    }
}

extension [ValueID: Tensor] {
    /// Sums what comes to a node.
    fileprivate mutating func add(_ contribution: Tensor, to id: ValueID) {
        self[id] = self[id].map { $0 + contribution } ?? contribution
    }
}
