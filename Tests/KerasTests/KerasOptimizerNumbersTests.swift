import Estimator
import Executor
import Formats
import Foundation
import Graph
import Keras
import OrderedCollections
import TestSupport
import Testing

/// Optimizers and schedules as Keras 3.15.1 serializes them, read here, against what Keras itself makes of given
/// gradients: `Tests/Fixtures/optimizers/keras.json`, computed by Keras with NumPy.
@Suite struct KerasOptimizerNumbersTests {
    private let reference: JSON

    init() throws {
        let path = ProjectFiles.root.appending(path: "Tests/Fixtures/optimizers/keras.json")
        reference = try JSON(parsing: [UInt8](Data(contentsOf: path)))
    }

    private static func numbers(_ json: JSON?) throws -> [Double] {
        try #require(json?.array).map { try #require($0.double) }
    }

    private func program(_ optimizer: any Optimizer) throws -> Program {
        let builder = GraphBuilder()
        let variables = try [("kernel", [3, 2]), ("bias", [2])].map { name, dimensions in
            let type = TensorType(.float32, Shape(dimensions))
            return builder.variable(
                name, shape: type.shape,
                initializer: .literal(Literal(type: type, doubles: try Self.numbers(reference[name]))))
        }
        let gradients = variables.map { VariableGradient(variable: $0, gradient: builder.infeed($0.type)) }
        // As `minimize`, with a loss whose gradients are these.
        let loss = zip(variables, gradients).map { ($0.value * ($1.gradient ?? $0.value)).reduceSum() }
        _ = try optimizer.minimize(loss[0] + loss[1])
        return try builder.finish()
    }

    /// The variables after the steps that the file has.
    private func values(_ optimizer: any Optimizer) throws -> [[Double]] {
        let executor = try ReferenceExecutor(program: try program(optimizer), options: ExecutorOptions(replicas: 1))
        let steps = try Self.numbers(reference["steps"]).map { Int($0) }
        var values: [[Double]] = []
        for (step, gradient) in try #require(reference["gradients"]?.array).enumerated() {
            let numbers = try Self.numbers(gradient).map { Float($0) }
            _ = try executor.infeed.fill(host: 0) { buffers in
                for (buffer, part) in zip(buffers, [numbers[..<6], numbers[6...]]) {
                    Array(part).withUnsafeBytes { buffer.copyBytes(from: $0) }
                }
                return true
            }
            _ = try executor.run(iterations: 1)
            guard steps.contains(step + 1) else { continue }
            values.append(
                try ["kernel", "bias"].flatMap { name in
                    try executor.read(variable: name).withUnsafeBytes {
                        $0.bindMemory(to: Float.self).map { Double($0) }
                    }
                })
        }
        return values
    }

    @Test func optimizersGiveKerasNumbers() throws {
        let cases = try #require(reference["optimizers"]?.array)
        try #require(cases.count >= 30)
        for numeric in cases {
            let name = try #require(numeric["name"]?.string)
            let faults = SpecErrors()
            let optimizer = OptimizerReader.read(
                try #require(numeric["optimizer"]), at: .root, end: .step(1000), faults: faults)
            #expect(faults.all.isEmpty, "\(name)")
            let values = try values(try #require(optimizer, "\(name)"))
            let expected = try #require(numeric["values"]?.array).map(Self.numbers)
            try #require(values.count == expected.count)
            for (index, (value, expected)) in zip(values, expected).enumerated() {
                let isNear = zip(value, expected).allSatisfy { abs($0 - $1) <= 2e-6 + 1e-5 * abs($1) }
                #expect(isNear, "\(name) at \(index): \(value), Keras has \(expected)")
            }
        }
    }

    @Test func schedulesGiveKerasNumbers() throws {
        let steps = try Self.numbers(reference["schedule_steps"])
        let cases = try #require(reference["schedules"]?.array)
        try #require(cases.count >= 11)
        for numeric in cases {
            let schedule = try #require(numeric["schedule"])
            let faults = SpecErrors()
            let rate = try #require(ScheduleReader.read(schedule, at: .root, faults: faults))
            for (step, expected) in zip(steps, try Self.numbers(numeric["rates"])) {
                let value = try TensorValue([], shape: [0]) { tensor in
                    _ = tensor.builder.variable(
                        GlobalStep.name, dtype: .int64, initializer: .constant(step), isTrainable: false,
                        isScoped: false)
                    return rate.value(in: tensor.builder)
                }.numbers[0]
                #expect(
                    abs(Double(value) - expected) <= 1e-7 + 2e-5 * expected,
                    "\(schedule["class_name"]?.string ?? "") at \(step): \(value), Keras has \(expected)")
            }
        }
    }
}
