import Estimator
import Executor
import Glibc
import Graph

/// What a deep model costs before its first step: Dense layers in a row with Adam, built, optimized and planned. In
/// processor time of the one thread that does it.
enum ModelDepth {
    /// Prints a line for each number of layers.
    static func report(layers: [Int]) throws {
        for layers in layers {
            let building = ProgramBuilding(
                modelFunction: model(layers: layers), params: ModelParameters(),
                features: .single(TensorType(.float32, [4])), labels: .single(.scalar(.int64)))
            func build(isOptimized: Bool) throws -> (built: BuiltProgram, seconds: Double) {
                let start = processorSeconds
                let built = try building.build(
                    mode: .train, coreBatchSize: 16, shards: 8, isOnTPU: true,
                    isOptimized: isOptimized)
                return (built, processorSeconds - start)
            }
            let plain = try build(isOptimized: false).seconds
            let (built, optimized) = try build(isOptimized: true)
            let start = processorSeconds
            _ = try LaneExecutor(program: built.program, options: ExecutorOptions(replicas: 8))
            print(
                "\(layers) Dense layers with Adam: built in \(milliseconds(plain)) ms, with passes in "
                    + "\(milliseconds(optimized)) ms, planned in \(milliseconds(processorSeconds - start)) ms")
        }
    }

    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func milliseconds(_ seconds: Double) -> Int { Int((seconds * 1_000).rounded()) }

    private static func model(layers: Int) -> ModelFunction {
        { features, labels, mode, _, builder in
            guard var x = features.only, let labels = labels?.only else { return TPUEstimatorSpec(mode: mode) }
            for layer in 0..<layers {
                let kernel = builder.variable("dense_\(layer)/kernel", shape: [x.shape[1], 4])
                let bias = builder.variable("dense_\(layer)/bias", shape: [4], initializer: .zeros)
                x = (x.matmul(kernel.value) + bias.value).relu()
            }
            let loss = Losses.sparseSoftmaxCrossEntropy(labels: labels, logits: x)
            return TPUEstimatorSpec(
                mode: mode, loss: loss, trainOp: try CrossShardOptimizer(KerasAdam()).minimize(loss))
        }
    }
}
