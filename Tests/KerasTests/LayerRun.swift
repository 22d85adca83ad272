import Executor
import Formats
import Graph
import Keras
import OrderedCollections
import Testing

/// One layer read from a configuration, and what it makes of numbers by the reference executor.
struct LayerRun {
    let layer: any Layer
    /// What its variables start with, by their names below the layer's; others have their initializers.
    var variables: [String: [Double]] = [:]
    var isTraining = false
    var seed: UInt64 = 7
    /// How it is called; by default with its inputs in order.
    var arguments: CallArguments?

    /// A batch of one input, with the mask of its rows where it has one.
    struct Input {
        let shape: [Int]
        let numbers: [Double]
        var mask: [Double]?
        var dtype = DType.float32
    }

    /// What came out.
    struct Output {
        let shapes: [[Int]]
        let outputs: [[Double]]
        /// Of each output; nil: it has none.
        let masks: [[Double]?]
        /// d(Σ output · upstream), by the variable's name, and by `x0`, `x1` … for inputs of floating numbers.
        let gradients: [String: [Double]]
    }

    /// Reads the layer; what is at fault ends the test.
    init(
        _ className: String, _ config: JSON = [:], version: KerasVersion = .keras3, isTraining: Bool = false
    ) throws {
        let (layer, faults) = LayerRun.read(className, config, version: version)
        self.layer = try #require(layer, "\(faults)")
        #expect(faults == [])
        self.isTraining = isTraining
    }

    /// The layer of a configuration, and all faults.
    static func read(
        _ className: String, _ config: JSON = [:], version: KerasVersion = .keras3
    ) -> (layer: (any Layer)?, faults: [String]) {
        let faults = SpecErrors()
        let reader = ObjectReader(config, faults: faults)
        reader.accept("name", "trainable", "dtype", "batch_input_shape")
        let name = config["name"]?.string ?? "layer"
        let header = LayerHeader(name: name, className: className, pointer: .root, version: version)
        let layer = LayerTable.rows[className]?(header, reader)
        reader.finish()
        return (layer, faults.all.map(\.description))
    }

    /// What refuses rows of these shapes; nil: nothing does.
    func refusal(_ rows: [[Int]], _ arguments: CallArguments? = nil) -> String? {
        do throws(SpecError) {
            _ = try layer.plan(rows, arguments ?? .tensors(rows.count))
            return nil
        } catch {
            return error.description
        }
    }

    /// Runs the layer on batches; with weights of the outputs' numbers, also backwards.
    ///
    /// - Parameters:
    ///   - step: the number of steps done.
    ///   - shards: cores, each with the same batch; results are those of the last.
    func callAsFunction(
        _ inputs: [Input], upstreams: [[Double]] = [], step: Int = 0, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Output {
        let arguments = arguments ?? .tensors(inputs.count)
        let plan = try layer.plan(inputs.map { Array($0.shape.dropFirst()) }, arguments)
        let builder = GraphBuilder()
        let graph = ModelGraph(
            builder,
            variables: plan.variables.map { variable in
                let type = TensorType(.float32, Shape(variable.shape))
                let start = variables[variable.name].map { Initializer.literal(Literal(type: type, doubles: $0)) }
                return LayerVariable(
                    "\(layer.name)/\(variable.name)", shape: variable.shape,
                    initializer: start ?? variable.initializer, isTrainable: variable.isTrainable)
            },
            isTraining: isTraining, seed: seed, version: layer.common.version)
        let tensors = inputs.map { input in
            builder.constant(Literal(type: TensorType(input.dtype, Shape(input.shape)), doubles: input.numbers))
        }
        let masks = inputs.map { input in
            input.mask.map { builder.constant($0, shape: Shape(Array(input.shape.prefix(2))), dtype: .bool) }
        }
        let result = graph.run(
            layer, path: layer.name, isTrainable: true, tensors, masks: masks, arguments: arguments)
        #expect(
            result.outputs.map { Array($0.shape.dimensions.dropFirst()) } == plan.outputs, "the plan has other shapes",
            sourceLocation: sourceLocation)
        var results = result.outputs.enumerated().map { (name: "y\($0)", value: $1) }
        for (place, mask) in result.masks.enumerated() {
            if let mask { results.append((name: "m\(place)", value: mask.cast(to: .float32))) }
        }
        results += gradients(builder, result.outputs, tensors, upstreams)
        if let counter = builder.variable(named: "global_step") {
            counter.assign(builder.constant(Double(step), dtype: .int64))
        }
        let values = try LayerRun.outfeed(builder, results, skipping: step == 0 ? 0 : 1)
        return Output(
            shapes: result.outputs.map(\.shape.dimensions),
            outputs: result.outputs.indices.map { values["y\($0)"] ?? [] },
            masks: result.outputs.indices.map { values["m\($0)"] },
            gradients: values.filter { $0.key.hasPrefix("d ") }.reduce(into: [:]) {
                $0[String($1.key.dropFirst(2))] = $1.value
            })
    }

    private func gradients(
        _ builder: GraphBuilder, _ outputs: [Tensor], _ inputs: [Tensor], _ upstreams: [[Double]]
    ) -> [(name: String, value: Tensor)] {
        guard !upstreams.isEmpty else { return [] }
        let parts = zip(outputs, upstreams).map { ($0 * builder.constant($1, shape: $0.shape)).reduceSum() }
        let loss = parts.dropFirst().reduce(parts[0], +)
        let floating = inputs.enumerated().filter { $0.element.dtype.isFloating }
        let variables = builder.trainableVariables
        let gradients = builder.gradients(
            of: loss, withRespectTo: floating.map(\.element) + variables.map(\.value))
        let names =
            floating.map { "x\($0.offset)" } + variables.map { String($0.name.dropFirst(layer.name.count + 1)) }
        return zip(names, gradients).map { (name: "d \($0)", value: $1) }
    }

    private static func outfeed(
        _ builder: GraphBuilder, _ results: [(name: String, value: Tensor)], skipping steps: Int
    ) throws -> [String: [Double]] {
        let executor = try ReferenceExecutor(
            program: try builder.finish(outfeed: results),
            options: ExecutorOptions(replicas: 1, infeedCapacity: steps + 1))
        _ = try executor.run(iterations: steps + 1)
        for _ in 0..<steps { _ = try executor.outfeed?.dequeue() }
        let tensors = try #require(try executor.outfeed?.dequeue())
        return [String: [Double]](
            zip(results.map(\.name), tensors.map { Literal(type: $0.type, bytes: $0.bytes).doubles }),
            uniquingKeysWith: { first, _ in first })
    }
}

extension LayerRun.Output {
    /// The numbers of the only output.
    var numbers: [Double] { outputs.first ?? [] }
}

/// Whether numbers are the same to `tolerance` of the larger of one and each.
func isNear(_ got: [Double], _ expected: [Double], tolerance: Double = 1e-5) -> Bool {
    got.count == expected.count
        && zip(got, expected).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
}
