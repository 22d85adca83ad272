import Executor
import Glibc
import Graph

/// A training program on simulated cores, fed by a thread of its own.
final class TrainingLoop {
    /// The two models of the engine's targets.
    enum Model {
        /// 64-128-64-10, batch 128, momentum.
        case digits
        /// 784-512-512-10, batch 1024, Adam.
        case large

        var name: String {
            self == .digits ? "digits MLP 64-128-64-10, batch 128" : "MLP 784-512-512-10, batch 1024, Adam"
        }
        var widths: [Int] { self == .digits ? [64, 128, 64, 10] : [784, 512, 512, 10] }
        var batch: Int { self == .digits ? 128 : 1_024 }
    }

    let name: String
    let replicas: Int
    /// Of all matrix products of a step; the first layer passes nothing back.
    let flops: Int
    private let executor: LaneExecutor

    var lanes: Int { executor.laneCount }

    init(_ model: Model, replicas: Int, threads: Int) throws {
        name = model.name
        self.replicas = replicas
        let program = try TrainingLoop.program(model, replicas: replicas)
        executor = try LaneExecutor(
            program: program, options: ExecutorOptions(replicas: replicas, threads: threads, infeedCapacity: 4, seed: 1)
        )
        let layers = zip(model.widths, model.widths.dropFirst()).map { 2 * model.batch * $0 * $1 }
        flops = 3 * layers.reduce(0, +) - layers[0]
        start(model)
    }

    func run(steps: Int) throws {
        let result = try executor.run(iterations: steps)
        precondition(result.stepsRun == steps && result.notFinite == nil, "training runs through: \(result)")
    }

    func secondsPerStep(steps: Int) throws -> Double {
        let start = MonotonicClock.nanoseconds()
        try run(steps: steps)
        return Double(MonotonicClock.nanoseconds() - start) * 1e-9 / Double(steps)
    }

    /// Ends the feeding thread.
    func stop() { executor.infeed.close() }

    private func start(_ model: Model) {
        let features = (0..<(model.batch * model.widths[0])).map { Float(($0 * 2_654_435_761) % 255) / 255 - 0.5 }
        let labels = (0..<model.batch).map { Int32($0 % 10) }
        let feeder = Unmanaged.passRetained(Feeder(executor.infeed, features, labels))
        var handle = pthread_t()
        pthread_create(
            &handle, nil,
            { argument in
                // The creating thread passes a feeder.
                Unmanaged<Feeder>.fromOpaque(argument!).takeRetainedValue().run()
                return nil
            }, feeder.toOpaque())
        pthread_detach(handle)
    }

    private static func program(_ model: Model, replicas: Int) throws -> Program {
        let builder = GraphBuilder()
        let rows = model.batch / replicas
        var x = builder.infeed(TensorType(.float32, [rows, model.widths[0]]), name: "features")
        let labels = builder.infeed(TensorType(.int32, [rows]), name: "labels")
        for (layer, width) in model.widths.dropFirst().enumerated() {
            let kernel = builder.variable("dense_\(layer)/kernel", shape: [x.shape[1], width])
            let bias = builder.variable("dense_\(layer)/bias", shape: [width], initializer: .zeros)
            x = x.matmul(kernel.value) + bias.value
            if layer < model.widths.count - 2 { x = x.relu() }
        }
        let loss = x.sparseSoftmaxCrossEntropy(labels: labels).reduceMean()
        let variables = builder.trainableVariables
        let gradients = builder.gradients(of: loss / Double(replicas), withRespectTo: variables)
        let step = builder.variable("global_step", dtype: .int64, initializer: .zeros, isTrainable: false)
        let next = step.assignAdd(builder.constant(1, dtype: .int64)).cast(to: .float32)
        for (variable, gradient) in zip(variables, gradients.map { $0.crossReplicaSum() }) {
            func slot(_ name: String) -> GraphVariable {
                builder.variable(
                    "\(variable.name)/\(name)", shape: variable.shape, initializer: .zeros, isTrainable: false)
            }
            if model == .digits {
                let velocity = slot("Momentum")
                variable.assignSubtract(velocity.assign(velocity.value * 0.9 + gradient) * 0.01)
            } else {
                let (first, second) = (slot("m"), slot("v"))
                let m = first.assign(first.value + (gradient - first.value) * 0.1)
                let v = second.assign(second.value + (gradient.square() - second.value) * 0.001)
                let power = builder.constant(0.999).pow(next)
                let rate = (1 - power).sqrt() / (1 - builder.constant(0.9).pow(next)) * 0.001
                variable.assignSubtract(m * rate / (v.sqrt() + 1e-7))
            }
        }
        return try Passes.optimize(builder.finish(loss: loss), evaluate: ReferenceKernels.evaluator)
    }
}

/// Fills slot after slot with one batch.
private final class Feeder: Sendable {
    private let infeed: InfeedQueue
    private let features: [Float]
    private let labels: [Int32]

    init(_ infeed: InfeedQueue, _ features: [Float], _ labels: [Int32]) {
        self.infeed = infeed
        self.features = features
        self.labels = labels
    }

    func run() {
        var isOpen = true
        while isOpen {
            do {
                isOpen = try infeed.fill(host: 0) { buffers in
                    features.withUnsafeBytes { buffers[0].copyMemory(from: $0) }
                    labels.withUnsafeBytes { buffers[1].copyMemory(from: $0) }
                    return true
                }
            } catch {
                isOpen = false
            }
        }
    }
}
