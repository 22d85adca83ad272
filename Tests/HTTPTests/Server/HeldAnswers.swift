import Glibc
import HTTP
import Synchronization

/// Answers that wait until a test gives them, and what became of each.
final class HeldAnswers: Sendable {
    /// One of them.
    final class Held: HeldAnswer {
        private let owner: HeldAnswers
        let exchange = Mutex<HeldExchange?>(nil)
        /// The thread that it began on.
        private let thread = Mutex<UInt>(0)

        /// Whether the caller is on the reactor that it waits on.
        var isHere: Bool { thread.withLock { $0 } == UInt(pthread_self()) }

        init(_ owner: HeldAnswers) { self.owner = owner }

        func begin(_ exchange: HeldExchange) {
            thread.withLock { $0 = UInt(pthread_self()) }
            self.exchange.withLock { $0 = exchange }
            owner.state.withLock { $0.waiting.append(self) }
        }

        func roomAgain() { owner.state.withLock { $0.rooms += 1 } }

        func gone() {
            exchange.withLock { $0 = nil }
            owner.state.withLock { $0.gone += 1 }
        }
    }

    fileprivate struct State {
        var waiting: [Held] = []
        var begun: Int { waiting.count }
        var gone = 0
        var rooms = 0
    }

    fileprivate let state = Mutex(State())

    func make() -> Held { Held(self) }

    /// How many wait or waited.
    var begun: Int { state.withLock { $0.begun } }
    /// How many clients went away before the answer.
    var gone: Int { state.withLock { $0.gone } }
    /// How often there was room again.
    var rooms: Int { state.withLock { $0.rooms } }

    /// Answers those that wait on this reactor. On it.
    func answerAll(_ response: Response) {
        each { $0.answer(response) }
    }

    /// Does something with each that still waits on this reactor. On it.
    func each(_ body: (HeldExchange) -> Void) {
        for held in state.withLock({ $0.waiting }) where held.isHere {
            if let exchange = held.exchange.withLock({ $0 }) { body(exchange) }
        }
    }
}
