import Executor
import Graph
import TestSupport
import Testing

struct CrossReplicaGroupSumTests {
    private static let groups = [[3, 0], [5, 1], [2, 4]]

    /// Small values are added by the calling thread, large ones by one task a core; the operand lies sample by sample,
    /// core by core, or once for all.
    @Test(arguments: ExecutorUnderTest.all, [1, 7, 6_000])
    func addsUpEachGroup(executor: ExecutorUnderTest, width: Int) throws {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [2, width]))
        let whole = builder.infeed(TensorType(.int32, [width]))
        let scaled = (x * 2).reduceSum(axes: [0])
        let program = try builder.finish(
            outfeed: [
                ("rows", x.crossReplicaSum(groups: Self.groups) + 1),
                ("core", scaled.crossReplicaSum(groups: Self.groups) - scaled),
                ("whole", whole.crossReplicaSum(groups: Self.groups)),
                ("uniform", builder.constant(1.5, shape: [width]).crossReplicaSum(groups: Self.groups)),
            ])
        let cores = 6
        let inputs = (
            (0..<(cores * 2 * width)).map { Float($0 % 37) - 11 }, (0..<(cores * width)).map { Int32($0 % 91) }
        )
        let results = try executor.step(
            program, inputs: [bytes(inputs.0), inputs.1.withUnsafeBytes { [UInt8]($0) }], replicas: cores)
        let rows = floats(try #require(results["rows"]))
        let core = floats(try #require(results["core"]))
        let sums = try #require(results["whole"]).withUnsafeBytes { Array($0.bindMemory(to: Int32.self)) }
        #expect(floats(try #require(results["uniform"])).allSatisfy { $0 == 3 })
        for group in Self.groups {
            for member in group {
                let other = group[0] == member ? group[1] : group[0]
                for place in 0..<(2 * width) {
                    let sum = group.reduce(1) { $0 + inputs.0[$1 * 2 * width + place] }
                    #expect(rows[member * 2 * width + place] == sum)
                }
                for place in 0..<width {
                    #expect(sums[member * width + place] == group.reduce(0) { $0 + inputs.1[$1 * width + place] })
                    let first = other * 2 * width + place
                    #expect(core[member * width + place] == 2 * (inputs.0[first] + inputs.0[first + width]))
                }
            }
        }
    }

    /// Each group's variable goes its own way; what is read back is core 0's.
    @Test(arguments: ExecutorUnderTest.all) func groupsDriftApart(executor: ExecutorUnderTest) throws {
        let builder = GraphBuilder()
        let variable = builder.variable("v", shape: [3], initializer: .zeros)
        let x = builder.infeed(TensorType(.float32, [3]))
        let before = variable.value + 0
        variable.assignAdd(x.crossReplicaSum(groups: [[0, 1], [2, 3]]) * 0.5)
        let device = try executor.make(builder.finish(outfeed: [("before", before)]), ExecutorOptions(replicas: 4))
        for _ in 0..<2 { try device.feed([bytes((0..<12).map { Float($0) })]) }
        #expect(try device.run(iterations: 2).stepsRun == 2)
        _ = try device.outfeed?.dequeue()
        let values = floats(try #require(try device.outfeed?.dequeue()).first?.bytes ?? [])
        #expect(values == [1.5, 2.5, 3.5, 1.5, 2.5, 3.5, 7.5, 8.5, 9.5, 7.5, 8.5, 9.5])
        #expect(floats(try device.read(variable: "v")) == [3, 5, 7])
    }

    /// A program whose groups are for another number of cores is refused, not run on wrong ones.
    @Test(arguments: ExecutorUnderTest.all) func otherNumbersOfCoresAreRefused(executor: ExecutorUnderTest) throws {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [3]))
        let program = try builder.finish(outfeed: [("sum", x.crossReplicaSum(groups: [[0, 1], [2, 3]]))])
        let error = #expect(throws: ExecutorError.self) { try executor.make(program, ExecutorOptions(replicas: 2)) }
        #expect(error?.code == .invalidProgram)
    }
}
