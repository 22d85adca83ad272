import Daemon
import Testing

@Suite struct SocketActivationTests {
    static let rows: [(environment: [String: String], descriptors: [Int32])] = [
        ([:], []), (["LISTEN_FDS": "2"], []), (["LISTEN_PID": "7"], []),
        (["LISTEN_FDS": "1", "LISTEN_PID": "7"], [3]), (["LISTEN_FDS": "3", "LISTEN_PID": "7"], [3, 4, 5]),
        (["LISTEN_FDS": "1", "LISTEN_PID": "8"], []), (["LISTEN_FDS": "0", "LISTEN_PID": "7"], []),
        (["LISTEN_FDS": "-1", "LISTEN_PID": "7"], []), (["LISTEN_FDS": "1025", "LISTEN_PID": "7"], []),
        (["LISTEN_FDS": "many", "LISTEN_PID": "7"], []), (["LISTEN_FDS": "1", "LISTEN_PID": ""], []),
    ]

    @Test(arguments: rows.indices) func descriptorsAreThoseOfThisProcess(_ index: Int) {
        let row = Self.rows[index]
        #expect(SocketActivation.descriptors(environment: row.environment, processID: 7) == row.descriptors)
    }
}
