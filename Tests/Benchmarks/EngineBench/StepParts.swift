import Executor

/// What all threads together spend a training step on, by kind of work, and how long they wait: why a step is slower than its
/// products at the machine's limit.
struct StepParts {
    /// Kinds of work, as a table has them.
    enum Part: String, CaseIterable {
        /// Products of matrices and convolutions with their gradients.
        case products
        /// Fused groups of elementwise ops between them: activations, norms, dropout, what passes gradients back.
        case elementwise
        /// Pooling and its gradients.
        case pooling
        /// Softmax and cross entropy.
        case softmax
        /// Sums and other reductions, over rows or over the batch.
        case sums
        /// Copies: slices, transposes, concatenations, rows of a table.
        case copies
        /// Partial sums of gradients added up, and the optimizer.
        case updates
        /// What the calling thread does alone.
        case serial
    }

    /// Seconds of one step, all threads' together.
    private(set) var seconds: [Part: Double] = [:]
    /// Seconds of one step that threads waited: for one another, for input, between loops.
    let waiting: Double

    /// The parts of a profile of steps that took so long.
    init(_ profile: StepProfile, stepSeconds: Double, threads: Int) {
        for region in profile.regions {
            for instruction in region.instructions {
                seconds[StepParts.part(region.grid, instruction.description), default: 0] += instruction.seconds
            }
        }
        waiting = max(0, stepSeconds * Double(threads) - seconds.values.reduce(0, +))
    }

    /// The kind of an instruction: of a fused group by its grid, else by its op.
    private static func part(_ grid: String, _ description: String) -> Part {
        if grid == "serial" { return .serial }
        if grid == "chunks" { return .updates }
        switch description.prefix(while: { $0 != ":" }) {
        case "dot", "convolution", "convolutionInputGradient", "convolutionFilterGradient": return .products
        case "maxPool", "sumPool", "maxPoolGradient", "sumPoolGradient": return .pooling
        case "softmax", "logSoftmax", "sparseSoftmaxCrossEntropy", "sparseSoftmaxCrossEntropyGradient": return .softmax
        case "slice", "transpose", "concatenate", "gather", "scatterAdd", "reverse", "pad": return .copies
        case let op: return op.hasPrefix("reduce_") || op == "argMax" ? .sums : .elementwise
        }
    }
}
