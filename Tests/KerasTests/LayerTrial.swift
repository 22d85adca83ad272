import Estimator
import Executor
import Formats
import Graph
import Keras
import Testing

/// One layer, read as a job's reader does, and tried on its own.
struct LayerTrial {
    let layer: any Layer
    private let version: KerasVersion
    private let isTrainable: Bool

    /// The layer of this class and configuration, which must have no fault.
    init(
        _ className: String, _ config: JSON = [:], _ version: KerasVersion = .keras3, isTrainable: Bool = true
    ) throws {
        let read = LayerTrial.read(className, config, version, isTrainable: isTrainable)
        layer = try #require(read.layer, "\(read.faults)")
        self.version = version
        self.isTrainable = isTrainable
        #expect(read.faults == [])
    }

    /// What is wrong with a configuration.
    static func faults(_ className: String, _ config: JSON, _ version: KerasVersion = .keras3) -> [String] {
        let read = read(className, config, version, isTrainable: true)
        // A layer that is not made says why.
        if read.layer == nil { #expect(read.faults != []) }
        return read.faults
    }

    private static func read(
        _ className: String, _ config: JSON, _ version: KerasVersion, isTrainable: Bool
    ) -> (layer: (any Layer)?, faults: [String]) {
        let faults = SpecErrors()
        let reader = ObjectReader(config, faults: faults)
        let common = LayerHeader(
            name: "l", className: className, pointer: .root, version: version, isTrainable: isTrainable)
        let layer = LayerTable.rows[className]?(common, reader)
        reader.finish()
        return (layer, faults.all.map(\.description))
    }

    // MARK: Plan

    /// The shape of one row of the output for rows of these shapes.
    func shape(_ rows: [Int]...) throws -> [Int] {
        let outputs = try layer.plan(rows, .tensors(rows.count)).outputs
        #expect(outputs.count == 1)
        return outputs[0]
    }

    /// Why rows of these shapes are refused; nil: they are taken.
    func refusal(_ rows: [Int]...) -> String? {
        do throws(SpecError) {
            _ = try layer.plan(rows, .tensors(rows.count))
            return nil
        } catch {
            return error.description
        }
    }

    /// The variables for rows of these shapes, as `kernel [3, 2]`; those that are not trained in brackets.
    func variables(_ rows: [Int]...) throws -> [String] {
        try layer.plan(rows, .tensors(rows.count)).variables.map {
            $0.isTrainable ? "\($0.name) \($0.shape)" : "(\($0.name) \($0.shape))"
        }
    }

    // MARK: Numbers

    /// Numbers in a batch's shape.
    struct Batch {
        let numbers: [Double]
        let shape: [Int]

        init(_ numbers: [Double], _ shape: [Int]) {
            self.numbers = numbers
            self.shape = shape
        }
    }

    /// What a run gave.
    struct Outcome {
        /// The shape of the output on one core.
        let shape: [Int]
        /// All cores' outputs of the last step.
        let numbers: [Double]
        /// What the step added to a loss of nothing, on core 0.
        let penalty: Double
        /// The variables behind the last step.
        let variables: [String: [Double]]

        /// Expects these numbers within a millionth.
        func expect(_ expected: [Double], _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation)
        {
            LayerTrial.expectNear(numbers, expected, comment, sourceLocation: sourceLocation)
        }
    }

    /// Runs the layer.
    ///
    /// - Parameters:
    ///   - inputs: batches of all cores.
    ///   - variables: values by name; the others have their initializers'.
    ///   - mask: of the first input, [batch, time].
    ///   - threads: nil: by the reference executor.
    func run(
        _ inputs: [Batch], variables: [String: [Double]] = [:], mask: Batch? = nil, isTraining: Bool = true,
        cores: Int = 1, steps: Int = 1, threads: Int? = nil
    ) throws -> Outcome {
        let builder = GraphBuilder()
        let fed = inputs + (mask.map { [$0] } ?? [])
        let types = fed.map { TensorType(.float32, Shape([$0.shape[0] / cores] + $0.shape.dropFirst())) }
        let (shape, names) = try ShardContext.$numberOfShards.withValue(cores) {
            var tensors = types.map { builder.infeed($0) }
            let masks = mask.map { _ in [tensors.removeLast() .> 0] } ?? []
            let plan = try layer.plan(inputs.map { Array($0.shape.dropFirst()) }, .tensors(inputs.count))
            let made = plan.variables.map { variable in
                guard let numbers = variables[variable.name] else { return variable }
                let type = TensorType(.float32, Shape(variable.shape))
                precondition(numbers.count == type.count, "\(variable.name) is \(variable.shape)")
                return LayerVariable(
                    variable.name, shape: variable.shape, initializer: .literal(Literal(type: type, doubles: numbers)),
                    isTrainable: variable.isTrainable, regularizer: variable.regularizer,
                    constraint: variable.constraint)
            }
            let graph = ModelGraph(
                builder, variables: made.map { $0.inside("l", isTrainable: isTrainable) }, isTraining: isTraining,
                seed: 7, version: version)
            let result = graph.run(
                layer, path: "l", isTrainable: true, tensors, masks: masks, arguments: .tensors(inputs.count))
            graph.assignStates()
            let output = try #require(result.outputs.first)
            #expect(result.outputs.map { Array($0.shape.dimensions.dropFirst()) } == plan.outputs)
            let penalty = graph.penalized(builder.constant(0))
            return ((output, penalty), plan.variables.map(\.name))
        }
        let program = try builder.finish(outfeed: [("output", shape.0), ("penalty", shape.1)])
        let options = ExecutorOptions(
            replicas: cores, threads: threads ?? 1, infeedCapacity: steps, outfeedCapacity: steps)
        let executor: any ProgramExecutor =
            threads == nil
            ? try ReferenceExecutor(program: program, options: options)
            : try LaneExecutor(program: program, options: options)
        let bytes = zip(fed, types).map { batch, type in
            Literal(type: type.with(Shape(batch.shape)), doubles: batch.numbers).bytes
        }
        for _ in 0..<steps {
            let isTaken = try executor.infeed.fill(host: 0) { buffers in
                for (buffer, bytes) in zip(buffers, bytes) { buffer.copyBytes(from: bytes) }
                return true
            }
            #expect(isTaken)
        }
        _ = try executor.run(iterations: steps)
        var last: [[Double]] = []
        for _ in 0..<steps {
            let tensors = try #require(try executor.outfeed?.dequeue())
            last = tensors.map { Literal(type: $0.type, bytes: $0.bytes).doubles }
        }
        var values: [String: [Double]] = [:]
        for name in names {
            let variable = try #require(program.variables.first { $0.name == "l/\(name)" })
            values[name] =
                Literal(type: variable.type, bytes: try executor.read(variable: variable.name)).doubles
        }
        return Outcome(shape: shape.0.shape.dimensions, numbers: last[0], penalty: last[1][0], variables: values)
    }

    /// Runs the layer on one batch.
    func run(
        _ numbers: [Double], _ shape: [Int], variables: [String: [Double]] = [:], mask: Batch? = nil,
        isTraining: Bool = true, cores: Int = 1, steps: Int = 1, threads: Int? = nil
    ) throws -> Outcome {
        try run(
            [Batch(numbers, shape)], variables: variables, mask: mask, isTraining: isTraining, cores: cores,
            steps: steps, threads: threads)
    }

    /// Expects numbers near others, within a millionth unless said otherwise.
    static func expectNear(
        _ numbers: [Double]?, _ expected: [Double], within bound: Double = 1e-6, _ comment: Comment? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let isNear =
            numbers?.count == expected.count
            && zip(numbers ?? [], expected).allSatisfy { abs($0 - $1) <= bound * max(1, abs($1)) }
        #expect(
            isNear, "\(numbers ?? []), expected \(expected) \(comment ?? "")", sourceLocation: sourceLocation)
    }
}
