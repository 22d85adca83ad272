package import Jobs
import Synchronization

/// The states of the pod's hosts, as the store has them: readable without waiting.
package final class HostBoard: Sendable {
    private let all: Mutex<[HostState]>

    /// The hosts of a pod.
    /// - Parameter states: Those that are not UP, by their numbers; numbers that the pod does not have are passed over.
    package init(_ pod: Pod, states: [Int: HostState]) {
        all = Mutex((0..<pod.hosts).map { states[$0] ?? .up })
    }

    /// The state of each host, by its number.
    package var states: [HostState] { all.withLock { $0 } }

    /// A host is in another state.
    package func set(_ host: Int, to state: HostState) {
        all.withLock { all in
            if all.indices.contains(host) { all[host] = state }
        }
    }

    /// Whether a placement lies on hosts in one of some states alone. A host that the pod does not have is in none.
    package func isPlaced(_ placement: Placement, on wanted: Set<HostState>) -> Bool {
        let states = states
        return placement.hosts.allSatisfy { states.indices.contains($0.host) && wanted.contains(states[$0.host]) }
    }
}
