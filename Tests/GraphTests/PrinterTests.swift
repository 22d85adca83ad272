import FoundationEssentials
import Graph
import Testing

/// Printed programs against the files in Golden: what a change of builder, gradients or passes does is seen there.
struct PrinterTests {
    private static func golden(_ name: String, filePath: String = #filePath) throws -> String {
        let folder = URL(filePath: filePath).deletingLastPathComponent().appending(path: "Golden")
        return try String(contentsOf: folder.appending(path: "\(name).txt"), encoding: .utf8)
    }

    @Test func printsTheClassifier() throws {
        #expect(try Printer.text(of: ExamplePrograms.classifier()) == Self.golden("classifier"))
    }

    @Test func printsTheOptimizedClassifier() throws {
        #expect(
            try Printer.text(of: Passes.optimize(ExamplePrograms.classifier())) == Self.golden("classifier-optimized"))
    }

    @Test func printsStatistics() throws {
        #expect(try Printer.text(of: ExamplePrograms.statistics()) == Self.golden("statistics"))
    }

    @Test func printsAttributes() {
        let nodes: [(Op, String)] = [
            (.constant(.splat(2, TensorType(.int32, [9]))), "constant{2,2,2,2,2,2,2,2,… (9)}"),
            (.iota(type: .scalar(.int64), axis: 1), "iota{axis 1}"),
            (.randomUniform(type: .scalar(.float32), seed: 5), "randomUniform{seed 5}"),
            (.broadcast(shape: [2, 3], dimensions: [1]), "broadcast{[2,3] from [1]}"),
            (.transpose(permutation: [1, 0]), "transpose{[1,0]}"),
            (.slice(starts: [0], limits: [4], strides: [2]), "slice{[0]..<[4] by [2]}"),
            (.pad(low: [1], high: [2], interior: [0]), "pad{[1], [2], [0]}"),
            (.concatenate(axis: 1), "concatenate{axis 1}"),
            (.dot(transposeLHS: true, transposeRHS: false), "dot{TN}"),
            (.reduce(.max, axes: [0]), "reduce_max{axes [0]}"),
        ]
        for (op, text) in nodes {
            let program = Program(nodes: [Node(op: op, operands: [], type: .scalar(.float32), name: "n")])
            #expect(Printer.line(ValueID(0), in: program) == "%0 = \(text)(): float32[] 'n'")
        }
    }
}
