import Estimator
import Executor
import Formats
import Graph
import Testing

/// The same global batch on 1, 2, 4 and 8 shards trains the same model: the mean of the shards' losses and the variables are
/// those of one shard, up to the rounding of sums in another order.
@Suite struct ShardAgreementTests {
    private static let steps = 25
    private static let batch = 64
    private static let tolerance = Tolerance(relative: 2e-4, absolute: 2e-5)

    /// What is trained, on images [n, 64].
    enum Model: String, CaseIterable, Sendable {
        case dense, convolutional

        func logits(_ images: Tensor, _ builder: GraphBuilder) -> Tensor {
            func dense(_ x: Tensor, _ name: String, _ units: Int) -> Tensor {
                let kernel = builder.variable("\(name)/kernel", shape: [x.shape[1], units])
                let bias = builder.variable("\(name)/bias", shape: [units], initializer: .zeros)
                return x.matmul(kernel.value) + bias.value
            }
            switch self {
            case .dense: return dense(dense(images, "hidden", 32).tanh(), "logits", 10)
            case .convolutional:
                let filter = builder.variable("convolution/kernel", shape: [3, 3, 1, 8])
                let maps = images.reshape(to: [-1, 8, 8, 1]).convolution(filter.value, padding: .same).relu()
                return dense(maps.averagePool([2, 2]).flattened(), "logits", 10)
            }
        }
    }

    /// Mean losses of the shards and, at the end, the variables.
    private static func train(
        _ model: Model, shards: Int, _ optimizer: any Optimizer
    ) throws -> (losses: [Float], variables: [String: [Float]]) {
        let digits = try Digits.training()
        let builder = GraphBuilder()
        let images = builder.infeed(TensorType(.float32, [batch / shards, 64]))
        let labels = builder.infeed(TensorType(.int32, [batch / shards]))
        let loss = Losses.sparseSoftmaxCrossEntropy(labels: labels, logits: model.logits(images, builder))
        _ = try ShardContext.$numberOfShards.withValue(shards) { try CrossShardOptimizer(optimizer).minimize(loss) }
        let run = try ProgramRun(
            try builder.finish(loss: loss, outfeed: [("loss", loss)]), on: .lanes, replicas: shards)
        var losses: [Float] = []
        for step in 0..<steps {
            let rows = (0..<batch).map { (step * batch + $0) % digits.count }
            let outfeed = try run.step([
                NDArray(rows.flatMap { digits.pixels(of: $0) }, shape: [batch, 64]),
                NDArray(rows.map { Int32(digits.labels[$0]) }),
            ]).outfeed
            let all = HostTensor(try #require(outfeed["loss"])).floats
            try #require(all.count == shards)
            losses.append(all.reduce(0, +) / Float(shards))
        }
        var variables: [String: [Float]] = [:]
        for variable in run.executor.program.variables where variable.type.dtype == .float32 {
            variables[variable.name] = try run.variable(variable.name)
        }
        return (losses, variables)
    }

    @Test(arguments: Model.allCases, [2, 4, 8]) func shardsTrainAsOne(model: Model, shards: Int) throws {
        for (name, optimizer) in [
            ("momentum", MomentumOptimizer(learningRate: 0.05, momentum: 0.9)), ("Adam", KerasAdam(learningRate: 0.01)),
        ] as [(String, any Optimizer)] {
            let one = try Self.train(model, shards: 1, optimizer)
            let several = try Self.train(model, shards: shards, optimizer)
            let comment = "\(model) by \(name) on \(shards) shards:"
            Self.tolerance.check(several.losses, one.losses, "\(comment) losses")
            #expect(try #require(one.losses.last) < one.losses[0] * 0.95, "\(comment) learns")
            #expect(Set(several.variables.keys) == Set(one.variables.keys))
            for (name, value) in one.variables {
                Self.tolerance.check(try #require(several.variables[name]), value, "\(comment) \(name)")
            }
        }
    }
}
