import Executor
import FoundationEssentials
import Formats
import Graph
import TestSupport
import Testing

/// Single operations and their gradients against TensorFlow's (`numeric/ops.json`), on every executor, as built and
/// after the passes.
@Suite(.enabled(if: ProjectFiles.hasCases("numeric/ops.json"), "\(ProjectFiles.noCases)"))
struct NumericOpsConformanceTests {
    @Test(arguments: ExecutorUnderTest.all)
    func agreesWithTensorFlow(executor: ExecutorUnderTest) throws {
        let suite = try NumericSuite(name: "ops")
        let cases = suite.cases.filter { NumericOpsTable.built[$0.op] != nil }
        print("conformance ops: \(cases.count) of \(suite.cases.count) cases")
        if cases.isEmpty { print("conformance ops: \(ProjectFiles.noCases)") }
        if ProjectFiles.hasOwnCases { #expect(cases.count == 164, "the number of cases in today's scope") }
        for entry in cases { try check(entry, of: suite, on: executor) }
    }

    @Test(.enabled(if: ProjectFiles.hasOwnCases, "other cases may have other operations"))
    func everyOpOfTheSuiteIsBuilt() throws {
        #expect(Set(try NumericSuite(name: "ops").cases.map(\.op)) == Set(NumericOpsTable.built.keys))
    }

    private func check(_ entry: NumericCase, of suite: NumericSuite, on executor: ExecutorUnderTest) throws {
        let builder = GraphBuilder()
        var bytes: [[UInt8]] = []
        func feed(_ tensor: NDArray) -> Tensor {
            bytes.append(tensor.bytes)
            return builder.infeed(TensorType(DType(tensor.type), Shape(tensor.shape)))
        }
        var inputs: [String: Tensor] = [:]
        for input in entry.inputs { inputs[input.name] = feed(try suite.tensor(input.tensor)) }
        let build = try #require(NumericOpsTable.built[entry.op])
        let outputs = build(NumericOpsTable.Arguments(builder: builder, inputs: inputs, attributes: entry.attributes))
        var expected: [(name: String, value: Tensor, reference: NDArray)] = []
        var total: Tensor?
        for (place, output) in entry.outputs.enumerated() {
            let value = try #require(place < outputs.count ? outputs[place] : nil, "\(entry.id) \(output.name)")
            expected.append((output.name, value, try suite.tensor(output.tensor)))
            guard let upstream = output.upstream else { continue }
            let part = (value * feed(try suite.tensor(upstream))).reduceSum()
            total = total.map { $0 + part } ?? part
        }
        if let total {
            let targets = try entry.gradients.map { try #require(inputs[$0.name]) }
            let gradients = builder.gradients(of: total, withRespectTo: targets)
            for (gradient, value) in zip(entry.gradients, gradients) {
                expected.append(("grad \(gradient.name)", value, try suite.tensor(gradient.tensor)))
            }
        }
        let program = try builder.finish(outfeed: expected.map { ($0.name, $0.value) })
        for program in [program, try Passes.optimize(program, evaluate: ReferenceKernels.evaluator)] {
            let results = try executor.step(program, inputs: bytes)
            for (name, value, reference) in expected {
                #expect(value.shape == Shape(reference.shape), "\(entry.id) \(name)")
                let result = ReferenceValue(Literal(type: value.type, bytes: try #require(results[name]))).doubles
                let wanted = ReferenceValue(Literal(type: value.type, bytes: reference.bytes)).doubles
                let worst = zip(result, wanted).first { v, r in
                    !(v == r || abs(v - r) <= entry.absolute + entry.relative * abs(r))
                }
                #expect(worst == nil, "\(entry.id) \(name): got, expected")
            }
        }
    }
}

extension DType {
    /// The graph's word for a file's element type.
    fileprivate init(_ type: ElementType) {
        guard let dtype = DType(rawValue: type.rawValue) else {
            preconditionFailure("the suite's arrays have types that graphs have: \(type)")
        }
        self = dtype
    }
}
