import Estimator
import Executor
import Formats
import Graph
import Keras
import OrderedCollections
import TestSupport
import Testing

/// Functions of the last axis whose numbers and shapes are more than a line.
@Suite struct ActivationRowsTests {
    /// Weights along the last axis of what comes out, again and again.
    private static let upstream = [0.5, -1, 2, 0.25, -0.75, 1.5]

    /// What an `Activation` layer makes of a batch, and d(Σ output · upstream).
    ///
    /// - Parameter threads: nil: by the reference executor.
    private func run(
        _ name: String, _ numbers: [Double], _ shape: [Int], dtype: DType = .float64, threads: Int? = nil
    ) throws -> (output: [Double], gradient: [Double]) {
        let layer = try LayerTrial("Activation", ["activation": JSON(name)]).layer
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(dtype, Shape(shape)))
        let graph = ModelGraph(builder, variables: [], isTraining: true, seed: 7, version: .keras3)
        let y = try #require(
            graph.run(layer, path: "l", isTrainable: true, [x], masks: [], arguments: .tensors(1)).outputs.first)
        let width = y.shape.dimensions.last ?? 1
        let weights = (0..<width).map { Self.upstream[$0 % 6] }
        let loss = (y * builder.constant(weights, shape: [width], dtype: dtype)).reduceSum()
        let gradient = builder.gradients(of: loss, withRespectTo: [x])[0]
        let program = try Passes.optimize(try builder.finish(outfeed: [("y", y), ("gradient", gradient)]))
        let options = ExecutorOptions(replicas: 1, threads: threads ?? 1)
        let executor: any ProgramExecutor =
            threads == nil
            ? try ReferenceExecutor(program: program, options: options)
            : try LaneExecutor(program: program, options: options)
        let isTaken = try executor.infeed.fill(host: 0) { buffers in
            buffers[0].copyBytes(from: Literal(type: x.type, doubles: numbers).bytes)
            return true
        }
        try #require(isTaken)
        _ = try executor.run(iterations: 1)
        let tensors = try #require(try executor.outfeed?.dequeue()).map {
            Literal(type: $0.type, bytes: $0.bytes).doubles
        }
        return (tensors[0], tensors[1])
    }

    /// One row, and what Keras 3.15.1 with JAX makes of it in float64.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let row: [Double]
        let output: [Double]
        let gradient: [Double]
        var testDescription: String { "\(name) of \(row)" }
    }

    /// Keras 3.15.1 adds up sums in `sparsemax` where it is to take the last of them, which its next versions do: these are
    /// its numbers with that line as it is there.
    static let cases = [
        Case(
            name: "glu", row: [0.5, -1, 2, 0.25, -0.75, 1.5],
            output: [0.28108825044289903, -0.320821300824607, 1.6351489523872873],
            gradient: [
                0.28108825044289903, -0.320821300824607, 1.6351489523872873, 0.06153352068439959, 0.21789499376181404,
                0.5965858082813315,
            ]),
        Case(
            name: "glu", row: [0.5, -1], output: [0.13447071068499755],
            gradient: [0.13447071068499755, 0.04915298331037046]),
        Case(
            name: "sparsemax", row: [0.1, 0.25, 0.3, 0.4, 0.5], output: [0, 0.1375, 0.1875, 0.2875, 0.3875],
            gradient: [0, -1.125, 1.875, 0.125, -0.875]),
        Case(
            name: "sparsemax", row: [1, 1, 0.25, -3], output: [0.5, 0.5, 0, 0], gradient: [0.75, -0.75, 0, 0]),
        Case(name: "sparsemax", row: [-0.5, 0, 1, 1.5, 3], output: [0, 0, 0, 0, 1], gradient: [0, 0, 0, 0, 0]),
        Case(
            name: "sparsemax", row: [0.5, 0.5, 0.5], output: [1 / 3.0, 1 / 3.0, 1 / 3.0], gradient: [0, -1.5, 1.5]),
        Case(
            name: "sparsemax", row: [1000.25, 1000, 999.5], output: [0.625, 0.375, 0], gradient: [0.75, -0.75, 0]),
        Case(
            name: "sparsemax", row: [-2, -1.9, -5, -1.95, -1.7, -2.1], output: [0.13, 0.23, 0, 0.18, 0.43, 0.03],
            gradient: [0.4, -1.1, 0, 0.15, -0.85, 1.4]),
        Case(name: "sparsemax", row: [7], output: [1], gradient: [0]),
    ]

    @Test(arguments: cases) func isKeras(_ one: Case) throws {
        for threads in [nil, 1, 2] {
            let result = try run(one.name, one.row + one.row, [2, one.row.count], threads: threads)
            LayerTrial.expectNear(result.output, one.output + one.output, within: 1e-12)
            LayerTrial.expectNear(result.gradient, one.gradient + one.gradient, within: 1e-12)
        }
    }

    /// Rows of several axes, of numbers that are rarely equal.
    private func drawn(_ shape: [Int], seed: UInt64) -> [Double] {
        var random = SeededGenerator(seed: seed)
        return (0..<shape.reduce(1, *)).map { _ in Double.random(in: -1...1, using: &random) }
    }

    @Test(arguments: ["glu", "sparsemax"], UInt64(0)..<4) func gradientsAreThoseOfDifferences(
        _ name: String, seed: UInt64
    ) throws {
        let shape = [2, 3, 6]
        let point = drawn(shape, seed: seed)
        let gradient = try run(name, point, shape).gradient
        func weighted(_ point: [Double]) throws -> Double {
            let output = try run(name, point, shape).output
            let width = output.count / 6
            return output.enumerated().reduce(0) { $0 + $1.element * Self.upstream[$1.offset % width] }
        }
        let width = 1e-6
        for place in point.indices {
            var (low, high) = (point, point)
            low[place] -= width
            high[place] += width
            let difference = (try weighted(high) - weighted(low)) / (2 * width)
            #expect(abs(difference - gradient[place]) <= 1e-7 * max(1, abs(difference)), "\(name), \(place)")
        }
    }

    @Test(arguments: ["glu", "sparsemax"], [DType.float32, .float64]) func executorsAgree(
        _ name: String, dtype: DType
    ) throws {
        let shape = [6, 5, 40]
        let point = drawn(shape, seed: 3)
        let wanted = try run(name, point, shape, dtype: dtype)
        for threads in [1, 2] {
            let found = try run(name, point, shape, dtype: dtype, threads: threads)
            LayerTrial.expectNear(found.output, wanted.output)
            LayerTrial.expectNear(found.gradient, wanted.gradient)
        }
    }

    /// Of a sorted vector: the largest numbers for which 1 + k · z is more than their sum (Martins and Astudillo 2016, algorithm 1).
    @Test(arguments: 1...40) func sparsemaxIsTheSortedDefinition(_ width: Int) throws {
        let row = drawn([width], seed: UInt64(width))
        var (count, threshold, sum) = (0, 0.0, 0.0)
        for number in row.sorted(by: >) {
            sum += number
            count += 1
            if 1 + Double(count) * number > sum { threshold = (sum - 1) / Double(count) }
        }
        let output = try run("sparsemax", row, [1, width], dtype: .float32, threads: 1).output
        LayerTrial.expectNear(output, row.map { max($0 - threshold, 0) })
        #expect(abs(output.reduce(0, +) - 1) < 1e-5)
    }

    @Test func whatIsNotFiniteStaysSo() throws {
        for number in [Double.nan, .infinity] {
            let output = try run("sparsemax", [number, 1, 2], [1, 3]).output
            #expect(output.contains { !$0.isFinite }, "\(output)")
        }
        #expect(try run("sparsemax", [-.infinity, 1, 1], [1, 3]).output == [0, 0.5, 0.5])
    }

    /// Pairs that a worker's memory can't hold are refused by the check, and those that no machine's can when the job is read.
    @Test func pairsMustFit() throws {
        func job(_ activation: JSON, width: Int) -> SmallJob {
            var job = SmallJob.training([
                "synthetic": ["features": ["shape": [JSON(width)]], "labels": ["classes": 3], "examples": 12]
            ])
            job.spec["model"] = [["Activation": ["activation": activation]], ["Dense": ["units": 3]]]
            return job
        }
        var execution = ExecutionOptions()
        execution.memoryBytes = 64 << 20
        try #require(job("sparsemax", width: 100).definition).check(execution)
        try #require(job("softmax", width: 20_000).definition).check(execution)
        let large = try #require(job("sparsemax", width: 20_000).definition)
        #expect(throws: TooLargeJob.self) { try large.check(execution) }
        #expect(job("softmax", width: 200_000_000).faults == [])
        #expect(
            job("sparsemax", width: 200_000_000).faults == [
                "/model: needs more than 1099511627776 bytes for batches of 4 rows of shape [200000000]: make the batch, the layers or "
                    + "prefetch smaller"
            ])
    }

    // MARK: In layers

    /// Keras' `Dense(4, activation="glu")` and its like.
    @Test func gluHalvesWhatLayersMake() throws {
        let kernel = [0.5, -1, 2, 0.25, -0.75, 1.5, 0.3, 1]
        let bias = [0.1, 0.2, -0.3, 0.4]
        let dense = try LayerTrial("Dense", ["units": 4, "activation": "glu"])
        #expect(try dense.shape([2]) == [2])
        #expect(try dense.variables([2]) == ["kernel [2, 4]", "bias [4]"])
        for threads in [nil, 2] {
            try dense.run([1, 2, -0.5, 0.75], [2, 2], variables: ["kernel": kernel, "bias": bias], threads: threads)
                .expect([-0.8179893350866294, 2.054824179119319, -0.1812980374349381, 1.3431003439170461])
        }
        let convolution = try LayerTrial("Conv1D", ["filters": 4, "kernel_size": 2, "activation": "glu"])
        #expect(try convolution.shape([3, 1]) == [2, 2])
        #expect(try convolution.variables([3, 1]) == ["kernel [2, 1, 4]", "bias [4]"])
        try convolution.run([1, 2, -0.5], [1, 3, 1], variables: ["kernel": kernel, "bias": bias])
            .expect([-0.8179893350866294, 2.054824179119319, 1.4338142036684924, -1.5266535332867528])
        let depthwise = try LayerTrial(
            "DepthwiseConv1D", ["kernel_size": 1, "depth_multiplier": 2, "activation": "glu"])
        try depthwise.run([1, 2, -0.5], [1, 3, 1], variables: ["kernel": [0.5, -1], "bias": [0.1, 0.2]])
            .expect([0.18601531132343252, 0.15603617139053655, -0.10022816582522492])
        let others: [(String, JSON, [Int], [Int])] = [
            ("SeparableConv1D", ["filters": 4, "kernel_size": 1], [2, 2], [2, 2]),
            ("Conv2DTranspose", ["filters": 4, "kernel_size": 2], [2, 2, 1], [3, 3, 2]),
            ("EinsumDense", ["equation": "abc,cd->abd", "output_shape": [nil, 4]], [2, 3], [2, 2]),
        ]
        for (className, config, row, expected) in others {
            var config = config
            config["activation"] = "glu"
            let layer = try LayerTrial(className, config)
            #expect(try layer.shape(row) == expected)
            // What a run gives has the planned shape.
            let numbers = [Double](repeating: 0.5, count: row.reduce(1, *))
            #expect(try layer.run(numbers, [1] + row).shape == [1] + expected)
        }
    }

    @Test func whatCantBeHalvedIsRefused() throws {
        let words = " halves the last axis of its rows: expected an even extent, found "
        #expect(
            try LayerTrial("Activation", ["activation": "glu"]).refusal([4, 5])
                == ": the activation glu of l (Activation)\(words)5")
        #expect(
            try LayerTrial("Dense", ["units": 3, "activation": "glu"]).refusal([2])
                == ": the activation glu of l (Dense)\(words)3")
        for name in ["glu", "sparsemax"] {
            #expect(
                try LayerTrial("Activation", ["activation": JSON(name)]).refusal([])
                    == ": \(name) needs rows of at least one axis")
        }
        for (className, member) in [
            ("LSTM", "activation"), ("GRU", "recurrent_activation"), ("SimpleRNN", "activation"),
        ] {
            #expect(
                LayerTrial.faults(className, ["units": 2, member: "glu"]) == [
                    "/\(member): glu gives half as many numbers as it takes, and a recurrent layer needs as many in each step"
                ])
        }
    }

    /// All pairs of a row are in memory at once, which the estimate for a batch counts, and halves beside what is halved.
    @Test func whatARowTakesIsCounted() throws {
        func numbers(_ name: JSON) throws -> Int {
            try LayerTrial("Dense", ["units": 6, "activation": name]).layer.plan([[5, 2]], .tensors(1)).numbers
        }
        #expect(try numbers("sparsemax") == 5 * 6 * 6)
        #expect(try numbers("glu") == 5 * 6)
        #expect(try numbers("relu") == 0)
    }
}
