import Executor
import Foundation
import Graph
import TestSupport
import Testing

/// Printed plans against files: what a change of the planner does shows as a difference of text. With `TPUD_WRITE_PLANS=1`
/// the test writes them.
struct StepPlanTextTests {
    /// A program, the cores that run it, and whether products take bfloat16.
    private struct Case: Sendable {
        let name: String
        let cores: Int
        var multipliesBFloat16 = false
        let program: @Sendable () throws -> Program
    }

    private static let cases = [
        Case(name: "perceptron-1-core", cores: 1) { try SmallModels.perceptron(batch: 64) },
        Case(name: "perceptron-8-cores", cores: 8) { try SmallModels.perceptron(batch: 8) },
        Case(name: "convolutions-2-cores", cores: 2) { try SmallModels.convolutions(batch: 16, layers: 2) },
        Case(name: "attention-1-core", cores: 1) { try SmallModels.attention(batch: 16) },
        Case(name: "bfloat16-1-core", cores: 1, multipliesBFloat16: true) { try SmallModels.mixed(batch: 64) },
    ]

    @Test(arguments: cases.indices) func isWhatTheFileSays(place: Int) throws {
        let one = Self.cases[place]
        // As many lanes on every machine, since they follow from the program; named so that they are several.
        var options = ExecutorOptions(replicas: one.cores, lanes: 4)
        options.multipliesBFloat16 = one.multipliesBFloat16
        let text = try LaneExecutor(program: one.program(), options: options).planText
        let file = ProjectFiles.root.appending(path: "Tests/Fixtures/plans/\(one.name).txt")
        if ProcessInfo.processInfo.environment["TPUD_WRITE_PLANS"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        let lines = (text.split(separator: "\n"), expected.split(separator: "\n"))
        let first = zip(lines.0, lines.1).first { $0 != $1 }
        #expect(
            text == expected,
            """
            The plan of \(one.name) is another than Tests/Fixtures/plans has. The first line that differs: \
            found \(first.map { "\($0)" } ?? "\(lines.0.count) lines"), expected \
            \(first.map { "\($1)" } ?? "\(lines.1.count) lines"). If it is meant: TPUD_WRITE_PLANS=1 swift test --filter \
            StepPlanTextTests
            """)
    }
}
