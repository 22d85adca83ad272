import Estimator
import Graph
import Testing

/// The program that a job runs, as the passes leave it.
@Suite struct BuiltProgramTests {
    /// Linear regression by gradient descent on eight cores.
    private static let building = ProgramBuilding(
        modelFunction: { features, labels, mode, _, builder in
            let x = try #require(features.only)
            let kernel = builder.variable("kernel", shape: [2, 1], initializer: .zeros)
            let loss = Losses.meanSquaredError(labels: try #require(labels?.only), predictions: x.matmul(kernel.value))
            let optimizer = CrossShardOptimizer(GradientDescentOptimizer(learningRate: 0.5))
            return TPUEstimatorSpec(mode: mode, loss: loss, trainOp: try optimizer.minimize(loss))
        }, params: ModelParameters(), features: .single(TensorType(.float32, [2])), labels: .single(.scalar(.float32)))

    /// The loss's weight of 1, divided by the cores and by the rows, is one constant; nothing of how it came about is left.
    @Test func constantsAreFolded() throws {
        let built = try Self.building.build(
            mode: .train, coreBatchSize: 4, shards: 8, isOnTPU: true)
        #expect(
            Printer.text(of: built.program) == """
                program {
                  infeed #0: float32[4,2]
                  infeed #1: float32[4]
                  variable @0 'kernel': float32[2,1] = constant(0.0)
                  %0 = infeed{#0}(): float32[4,2] 'features'
                  %1 = infeed{#1}(): float32[4] 'labels'
                  %2 = readVariable{@0}(): float32[2,1] 'kernel/read'
                  %3 = dot(%0, %2): float32[4,1] 'MatMul'
                  %4 = reshape{[4,1]}(%1): float32[4,1] 'Reshape'
                  %5 = squaredDifference(%3, %4): float32[4,1] 'SquaredDifference'
                  %6 = reduce_sum{axes [0,1]}(%5): float32[] 'Sum'
                  %7 = constant{4.0}(): float32[] 'Const'
                  %8 = divide(%6, %7): float32[] 'RealDiv'
                  %9 = constant{0.03125}(): float32[] 'gradients/RealDiv'
                  %10 = broadcast{[4,1] from []}(%9): float32[4,1] 'gradients/BroadcastTo'
                  %11 = subtract(%3, %4): float32[4,1] 'gradients/Sub'
                  %12 = constant{2.0}(): float32[] 'gradients/Const_1'
                  %13 = broadcast{[4,1] from []}(%12): float32[4,1] 'gradients/BroadcastTo_1'
                  %14 = multiply(%11, %13): float32[4,1] 'gradients/Mul_3'
                  %15 = multiply(%10, %14): float32[4,1] 'gradients/Mul_4'
                  %16 = dot{TN}(%0, %15): float32[2,1] 'gradients/MatMul_1'
                  %17 = crossReplicaSum(%16): float32[2,1] 'CrossReplicaSum'
                  %18 = constant{0.5}(): float32[] 'Const_2'
                  %19 = broadcast{[2,1] from []}(%18): float32[2,1] 'BroadcastTo'
                  %20 = multiply(%17, %19): float32[2,1] 'Mul_1'
                  %21 = subtract(%2, %20): float32[2,1] 'Sub'
                  %22 = assign{@0}(%21): float32[2,1] 'kernel/Assign'
                  loss %8
                }

                """)
    }

    @Test(arguments: ["loss", "global_step"])
    func namesOfMetrics(name: String) throws {
        let building = ProgramBuilding(
            modelFunction: { features, labels, mode, _, builder in
                let x = try #require(features.only)
                return TPUEstimatorSpec(
                    mode: mode, loss: x.reduceMean(),
                    evalMetrics: EvalMetrics(tensors: ["x": x], metrics: [.mean("x", name: name)]))
            }, params: ModelParameters(), features: .single(TensorType(.float32, [2])), labels: nil)
        let error = #expect(throws: EstimatorError.self) {
            try building.build(mode: .evaluate, coreBatchSize: 4, shards: 1, isOnTPU: false)
        }
        #expect(error == .metricNameReserved(name))
        #expect(error?.kind == .value)
        #expect(error?.description.contains("a metric named \(name) is not allowed") == true)
    }
}
