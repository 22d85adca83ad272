import Datasets
import Estimator
package import Graph
import OrderedCollections

/// A model's variables, states and penalties while one graph is built. Used by one thread.
package final class ModelGraph {
    package let builder: GraphBuilder
    package let isTraining: Bool
    /// Whose JSON the model is.
    package let version: KerasVersion
    /// Cores that the program runs on.
    package let shards: Int
    /// What was added to the loss so far, each a scalar.
    package var penalties: [Tensor] = []
    /// Whether one of them is of what a layer makes of a batch's rows.
    package var penalizesActivity = false
    private let seed: UInt64
    private var states: OrderedDictionary<String, Tensor> = [:]
    private var draws: [String: UInt64] = [:]

    /// Makes the variables in the order given; their penalties are the first.
    ///
    /// - Parameters:
    ///   - seed: the job's, of all random numbers.
    ///   - version: Keras 3 counts the penalties of trained variables alone, Keras 2 those of all.
    package init(
        _ builder: GraphBuilder, variables: [LayerVariable], isTraining: Bool, seed: UInt64, version: KerasVersion
    ) {
        self.builder = builder
        self.isTraining = isTraining
        self.version = version
        self.seed = seed
        shards = ShardContext.numberOfShards ?? 1
        for variable in variables {
            let made = builder.variable(
                variable.name, shape: Shape(variable.shape), initializer: variable.initializer,
                isTrainable: variable.isTrainable, isScoped: false,
                constraint: variable.constraint.map { constraint in { @Sendable value in constraint(value) } })
            guard let regularizer = variable.regularizer, variable.isTrainable || version == .keras2 else { continue }
            penalties.append(regularizer.penalty(of: made.value))
        }
    }

    /// The value of a variable, or what it was updated to. A name that no plan has is a fault of the graph.
    package func value(of name: String) -> Tensor {
        states[name] ?? builder.value(ofVariable: name)
    }

    /// What a variable is to hold after the step.
    package func update(_ name: String, to value: Tensor) { states[name] = value }

    /// Stores the updated variables; once, behind all layers. On several cores they get the mean of all cores' values.
    package func assignStates() {
        for (name, value) in states {
            let mean = shards > 1 ? value.crossReplicaSum() / Double(shards) : value
            if let variable = builder.variable(named: name) {
                variable.assign(mean)
            } else {
                _ = builder.value(ofVariable: name)
            }
        }
    }

    /// The sum of a loss and all penalties.
    package func penalized(_ loss: Tensor) -> Tensor { penalties.reduce(loss, +) }

    /// Uniform numbers keyed by the job's seed, the layer's path, how many times it drew, the step and the core.
    package func randomUniform(_ shape: Shape, path: String) -> Tensor {
        let draw = draws[path, default: 0]
        draws[path] = draw + 1
        // More cores than a job can have are told apart by the counter's low bits.
        var counter = GlobalStep.value(in: builder) * 4096
        if shards > 1 { counter = counter + builder.replicaIndex().cast(to: .int64) }
        return builder.randomUniform(shape: shape, seed: ModelGraph.seed(seed, path, draw: draw), counter: counter)
    }

    /// A seed of its own for each draw of each layer.
    package static func seed(_ seed: UInt64, _ path: String, draw: UInt64) -> UInt64 {
        SplitMix64.mixed((seed ^ path.fnv1a) &+ draw &* SplitMix64.gamma)
    }

    /// Calls a layer: inputs become what it takes, and node names begin with its path.
    package func run(
        _ layer: any Layer, path: String, isTrainable: Bool, _ inputs: [Tensor], masks: [Tensor?],
        arguments: CallArguments
    ) -> LayerResult {
        let isMixed = layer.policy == .mixedBFloat16
        let taken = inputs.map { input in
            let number = layer.takesIntegers || input.dtype.isFloating ? input : input.cast(to: .float32)
            return isMixed ? number.roundedWhereFloating : number
        }
        let call = LayerCall(
            graph: self, path: path, isTrainable: isTrainable && layer.common.isTrainable,
            masks: inputs.indices.map { $0 < masks.count ? masks[$0] : nil }, arguments: arguments,
            roundsVariables: isMixed && !layer.keepsVariables)
        let result = builder.withScope(layer.name) {
            builder.withProducts(inBFloat16: isMixed) { layer.run(taken, call) }
        }
        return isMixed ? LayerResult(result.outputs.map(\.roundedWhereFloating), masks: result.masks) : result
    }
}

extension Tensor {
    /// Rounded to bfloat16 where it has floating numbers.
    fileprivate var roundedWhereFloating: Tensor { dtype.isFloating ? roundedToBFloat16() : self }
}
