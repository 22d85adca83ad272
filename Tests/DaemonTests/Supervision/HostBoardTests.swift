import Daemon
import Jobs
import Testing

@Suite struct HostBoardTests {
    @Test func whatIsStoredOfThePodsHosts() throws {
        let board = HostBoard(try Pod(hosts: 3, coresPerHost: 8), states: [1: .draining, 7: .down])
        #expect(board.states == [.up, .draining, .up])
        board.set(2, to: .down)
        board.set(3, to: .down)
        board.set(1, to: .up)
        #expect(board.states == [.up, .up, .down])
    }

    @Test func wherePlacementsLie() throws {
        let board = HostBoard(try Pod(hosts: 2, coresPerHost: 8), states: [1: .draining])
        func placement(_ hosts: [Int]) -> Placement {
            Placement(slice: nil, hosts: hosts.map { .init(host: $0, cores: [0]) })
        }
        #expect(board.isPlaced(placement([0]), on: [.up]))
        #expect(!board.isPlaced(placement([0, 1]), on: [.up]))
        #expect(board.isPlaced(placement([0, 1]), on: [.up, .draining]))
        #expect(!board.isPlaced(placement([2]), on: [.up, .draining, .down]))
        // A job that holds no cores loses none.
        #expect(board.isPlaced(.cpu, on: []))
    }
}
