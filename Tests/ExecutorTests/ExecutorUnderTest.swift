import Executor
import Graph
import Testing

/// An executor that suites run their cases on. A new one is one line in `all`.
struct ExecutorUnderTest: Sendable, CustomTestStringConvertible {
    let name: String
    let make: @Sendable (Program, ExecutorOptions) throws -> any ProgramExecutor

    init(_ name: String, make: @escaping @Sendable (Program, ExecutorOptions) throws -> any ProgramExecutor) {
        self.name = name
        self.make = make
    }

    var testDescription: String { name }

    static let all = [
        ExecutorUnderTest("reference") { try ReferenceExecutor(program: $0, options: $1) },
        ExecutorUnderTest("lanes") { try LaneExecutor(program: $0, options: $1) },
        ExecutorUnderTest("three lanes in two chains on two threads") {
            var options = $1
            options.lanes = options.lanes ?? 3
            options.chains = options.chains ?? 2
            options.threads *= 2
            return try LaneExecutor(program: $0, options: options)
        },
    ]
}

extension ExecutorUnderTest {
    /// Runs one step on `replicas` cores of one host. Inputs and results hold all cores in core order.
    func step(_ program: Program, inputs: [[UInt8]], replicas: Int = 1, seed: UInt64 = 0) throws -> [String: [UInt8]] {
        let executor = try make(program, ExecutorOptions(replicas: replicas, seed: seed))
        try executor.feed(inputs)
        let result = try executor.run(iterations: 1)
        try #require(result.stepsRun == 1)
        let values = try #require(try executor.outfeed?.dequeue())
        return Dictionary(uniqueKeysWithValues: values.map { ($0.name, $0.bytes) })
    }
}

extension ProgramExecutor {
    /// Hands one step's input over from one host: one array of all cores' bytes for each element.
    func feed(_ inputs: [[UInt8]]) throws {
        guard !program.infeed.isEmpty else { return }
        let isFed = try infeed.fill(host: 0) { buffers in
            for (buffer, bytes) in zip(buffers, inputs) {
                try #require(buffer.count == bytes.count)
                buffer.copyBytes(from: bytes)
            }
            return true
        }
        try #require(isFed)
    }
}

/// Little-endian bytes of floats.
func bytes(_ floats: [Float]) -> [UInt8] { floats.withUnsafeBytes { [UInt8]($0) } }

/// Floats of little-endian bytes.
func floats(_ bytes: [UInt8]) -> [Float] {
    bytes.withUnsafeBytes { raw in
        (0..<(raw.count / 4)).map { raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
}
