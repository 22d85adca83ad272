import Graph
import Testing

struct ReplicaGroupsTests {
    @Test func knowsTheMembersOfEachGroup() throws {
        let groups = try ReplicaGroups([[3, 0], [1, 2]])
        #expect(groups.replicas == 4)
        #expect(groups.size == 2)
        #expect((0..<4).map(groups.members(with:)) == [[3, 0], [1, 2], [1, 2], [3, 0]])
        #expect(groups.description == "[3,0] [1,2]")
    }

    @Test(
        arguments: [
            ([], "sizes []"), ([[]], "sizes [0]"), ([[0, 1], [2]], "sizes [2, 1]"),
            ([[0, 1], [1, 2]], "core 1 twice"),
            ([[0, 1], [2, 4]], "core 4 outside"), ([[-1]], "core -1 outside"), ([[.max], [0]], "outside"),
        ] as [([[Int]], String)])
    func refusesWhatIsNoPartition(members: [[Int]], found: String) {
        let error = #expect(throws: GraphError.self) { try ReplicaGroups(members) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.detail.contains(found) == true, "\(error?.detail ?? "")")
    }

    /// A model that names no partition is refused when its program is finished.
    @Test func theBuilderKeepsTheFault() {
        let builder = GraphBuilder()
        let sum = builder.infeed(TensorType(.float32, [2])).crossReplicaSum(groups: [[0, 0]])
        let error = #expect(throws: GraphError.self) { try builder.finish(outfeed: [("sum", sum)]) }
        #expect(error?.op == "crossReplicaGroupSum")
    }

    @Test func isPrinted() throws {
        let builder = GraphBuilder()
        let sum = builder.infeed(TensorType(.float32, [2])).crossReplicaSum(groups: [[0, 1], [2, 3]])
        let program = try builder.finish(outfeed: [("sum", sum)])
        #expect(
            Printer.text(of: program).contains(
                "%1 = crossReplicaGroupSum{groups [0,1] [2,3]}(%0): float32[2] 'CrossReplicaGroupSum'"))
    }

    /// A program runs on one number of cores, and so its groups name as many in every sum.
    @Test func oneProgramIsForOneNumberOfCores() throws {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [2]))
        let sum = x.crossReplicaSum(groups: [[0, 1]]) + x.crossReplicaSum(groups: [[0], [1], [2]])
        let error = #expect(throws: GraphError.self) { try builder.finish(outfeed: [("sum", sum)]) }
        #expect(error?.detail.contains("[2, 3] cores") == true)
    }

    /// A variable that takes a sum over groups differs between cores.
    @Test func variablesDifferBetweenGroups() throws {
        let builder = GraphBuilder()
        let variable = builder.variable("v", shape: [2], initializer: .zeros)
        variable.assign(builder.infeed(TensorType(.float32, [2])).crossReplicaSum(groups: [[0, 1], [2, 3]]))
        #expect(try Replication(builder.finish()).variables == [.perReplica])
    }
}
