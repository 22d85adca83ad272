import Graph
import Testing
import TestSupport

struct VerifierTests {
    /// Each way to spoil a program; nil where the program drawn doesn't offer it.
    private static let mutations: [(String, @Sendable (Program, inout SeededGenerator) -> Program?)] = [
        (
            "operand that comes later",
            { program, random in
                program.changing(&random) { node, place, _ in
                    guard !node.operands.isEmpty else { return false }
                    node.operands[0] = ValueID(place)
                    return true
                }
            }
        ),
        (
            "operand before the first",
            { program, random in
                program.changing(&random) { node, _, _ in
                    guard !node.operands.isEmpty else { return false }
                    node.operands[0] = ValueID(-1)
                    return true
                }
            }
        ),
        (
            "other shape",
            { program, random in
                program.changing(&random) { node, _, _ in
                    node.type = TensorType(node.type.dtype, Shape(node.type.shape.dimensions + [7]))
                    return true
                }
            }
        ),
        (
            "other elements",
            { program, random in
                program.changing(&random) { node, _, _ in
                    node.type = TensorType(node.type.dtype == .int16 ? .int8 : .int16, node.type.shape)
                    return true
                }
            }
        ),
        (
            "missing operand",
            { program, random in
                program.changing(&random) { node, _, _ in
                    guard !node.operands.isEmpty else { return false }
                    node.operands.removeLast()
                    return true
                }
            }
        ),
        (
            "name of another",
            { program, random in
                program.changing(&random) { node, place, program in
                    node.name = program.nodes[(place + 1) % program.nodes.count].name
                    return true
                }
            }
        ),
        (
            "variable that isn't there",
            { program, random in
                program.changing(&random) { node, _, program in
                    guard case .readVariable = node.op else { return false }
                    node.op = .readVariable(index: program.variables.count)
                    return true
                }
            }
        ),
        (
            "node before its operand",
            { program, random in
                var program = program
                let place = Int.random(in: 1..<program.nodes.count, using: &random)
                guard let operand = program.nodes[place].operands.first else { return nil }
                program.nodes.swapAt(place, operand.index)
                return program
            }
        ),
        (
            "assignment twice",
            { program, _ in
                var program = program
                program.assignments.append(program.assignments[0])
                return program
            }
        ),
        (
            "assignment unlisted",
            { program, _ in
                var program = program
                program.assignments.removeLast()
                return program
            }
        ),
        (
            "variable assigned twice",
            { program, random in
                program.changing(&random) { node, _, program in
                    guard case .assign(let variable) = node.op else { return false }
                    let other = program.variables.indices.first {
                        $0 != variable && program.variables[$0].type == program.variables[variable].type
                    }
                    guard let other else { return false }
                    node.op = .assign(variable: other)
                    return true
                }
            }
        ),
        (
            "loss of several numbers",
            { program, _ in
                var program = program
                program.loss = program.nodes.firstIndex { $0.type.shape.rank > 0 }.map { ValueID($0) }
                return program
            }
        ),
        (
            "loss that isn't there",
            { program, _ in
                var program = program
                program.loss = ValueID(program.nodes.count)
                return program
            }
        ),
        (
            "outfeed name twice",
            { program, _ in
                var program = program
                program.outfeed.append(program.outfeed[0])
                return program
            }
        ),
        (
            "outfeed that isn't there",
            { program, _ in
                var program = program
                program.outfeed[0].value = ValueID(-5)
                return program
            }
        ),
        (
            "other infeed",
            { program, _ in
                var program = program
                program.infeed[0] = TensorType(.float64, [1])
                return program
            }
        ),
        (
            "other variable",
            { program, _ in
                var program = program
                program.variables[0].type = TensorType(.float64, [1])
                return program
            }
        ),
        (
            "variable's name twice",
            { program, _ in
                var program = program
                program.variables[1].name = program.variables[0].name
                return program
            }
        ),
    ]

    @Test func acceptsExamples() throws {
        try Verifier.verify(ExamplePrograms.classifier())
        try Verifier.verify(ExamplePrograms.statistics())
        try Verifier.verify(Program())
    }

    @Test(arguments: [UInt64.random(in: .min ... .max), 1, 2])
    func rejectsSpoiledPrograms(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let program = try ExamplePrograms.classifier()
        for (name, mutate) in Self.mutations {
            for _ in 0..<20 {
                guard let spoiled = mutate(program, &random), spoiled != program else { continue }
                #expect(throws: GraphError.self, "seed \(seed): \(name)") { try Verifier.verify(spoiled) }
            }
        }
    }

    @Test func printsTheNeighbourhood() throws {
        var program = try ExamplePrograms.classifier()
        let place = try #require(program.nodes.firstIndex { $0.name == "hidden/MatMul" })
        program.nodes[place].type = TensorType(.float32, [1])
        let error = #expect(throws: GraphError.self) { try Verifier.verify(program) }
        #expect(error?.node == "hidden/MatMul")
        #expect(error?.detail.contains("> %\(place) = dot") == true)
        #expect(error?.detail.contains("'hidden/kernel/read'") == true)
        #expect(error?.detail.contains("'hidden/Add'") == true)
    }
}

extension Program {
    /// A copy with one random node changed; nil when none of a few tries fits.
    fileprivate func changing(
        _ random: inout SeededGenerator, _ change: (inout Node, Int, Program) -> Bool
    ) -> Program? {
        for _ in 0..<50 {
            let place = Int.random(in: nodes.indices, using: &random)
            var copy = self
            if change(&copy.nodes[place], place, self) { return copy }
        }
        return nil
    }
}
