import Jobs
import Store
import Testing
import TestSupport

@Suite struct PlacementColumnTests {
    @Test(arguments: [
        ([], ""), ([Placement.Host(host: 0, cores: [0, 1]), .init(host: 3, cores: [4])], "0:0,1;3:4"),
        ([.init(host: 255, cores: [7])], "255:7"),
    ])
    func texts(hosts: [Placement.Host], text: String) {
        #expect(Placement(slice: nil, hosts: hosts).column == text)
        #expect(Placement(column: text, slice: nil) == Placement(slice: nil, hosts: hosts))
    }

    @Test(arguments: UInt64(0)..<50)
    func everyPlacementIsReadBack(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let slice = try Slice(shards: 8)
        let hosts = (0..<generator.below(6)).map { _ in
            Placement.Host(
                host: generator.below(Pod.maxHosts),
                cores: (0..<1 + generator.below(8)).map { _ in generator.below(8) })
        }
        let placement = Placement(slice: slice, hosts: hosts)
        #expect(Placement(column: placement.column, slice: slice) == placement, "seed \(seed)")
    }

    @Test(arguments: ["x", "0", "0:", ":0", "0:a", "a:0", "0:1:2", "0:1,b", "0:1;2", "99999999999999999999:0", "0 :1"])
    func otherTextsAreNotPlacements(text: String) { #expect(Placement(column: text, slice: nil) == nil) }
}
