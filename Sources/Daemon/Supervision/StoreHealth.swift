package import Jobs
package import Store
import Synchronization

/// Whether the store takes commits, as was last seen. While it does not, nothing is started, `/readyz` says why, and the
/// scheduling pass probes again and again, ever more seldom.
package final class StoreHealth: Sendable {
    private struct State {
        var trouble: MachineCondition?
        var tell: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// The store takes commits.
    package init() {}

    /// What is to be done when a write has failed that did not before: somebody has to probe from then on.
    package func whenItFails(_ tell: @escaping @Sendable () -> Void) { state.withLock { $0.tell = tell } }

    /// What of the machine keeps the store from committing; nil while nothing does.
    package var trouble: MachineCondition? { state.withLock { $0.trouble } }

    /// A write failed. An error that says nothing about the machine changes nothing.
    package func failed(_ error: StoreError) {
        guard let condition = error.condition else { return }
        let tell = state.withLock { state in
            defer { state.trouble = condition }
            return state.trouble == nil ? state.tell : nil
        }
        tell?()
    }

    /// A write succeeded.
    /// - Returns: Whether that is news.
    @discardableResult
    package func succeeded() -> Bool {
        state.withLock { state in
            defer { state.trouble = nil }
            return state.trouble != nil
        }
    }
}
