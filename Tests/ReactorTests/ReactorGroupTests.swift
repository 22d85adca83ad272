import Reactor
import Testing

@Suite struct ReactorGroupTests {
    @Test(arguments: [(0, 1), (1, 1), (3, 3)]) func eachHasAThreadOfItsOwn(asked: Int, made: Int) async throws {
        let group = try ReactorGroup(asked)
        defer { group.stop() }
        #expect(group.reactors.count == made)
        #expect(group.reactors.first === group.first)
        for reactor in group.reactors {
            let others = group.reactors.filter { $0 !== reactor }
            #expect(await reactor.call { reactor.isOnReactor && !others.contains { $0.isOnReactor } })
        }
    }

    @Test func theyEndTogether() throws {
        let group = try ReactorGroup(2)
        group.stop()
        #expect(!group.reactors.contains { $0.isOnReactor })
    }
}
