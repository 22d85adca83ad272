import Jobs
import Synchronization
import Testing
import Worker

@Suite struct StopRequestTests {
    /// What a listener was told.
    private final class Told: Sendable {
        private let words = Mutex<[String]>([])

        func listen(to stop: StopRequest) {
            stop.listen(
                onStop: { [self] intent in words.withLock { $0.append(intent.rawValue) } },
                onCheckpoint: { [self] in words.withLock { $0.append("checkpoint") } },
                onProfile: { [self] steps in words.withLock { $0.append("profile \(steps)") } })
        }

        var all: [String] { words.withLock { $0 } }
    }

    @Test func whatIsAskedIsTold() {
        let (stop, told) = (StopRequest(), Told())
        told.listen(to: stop)
        #expect(stop.intent == nil && told.all.isEmpty)
        stop.askForCheckpoint()
        stop.ask(.pause)
        stop.askForProfile(steps: 5)
        stop.askForCheckpoint()
        #expect(told.all == ["checkpoint", "PAUSE", "profile 5", "checkpoint"])
        #expect(stop.intent == .pause)
    }

    /// The graph may take long to build: what was asked meanwhile waits for the listener.
    @Test func whatWasAskedBeforeIsToldAtOnce() {
        let (stop, told) = (StopRequest(), Told())
        stop.askForProfile(steps: 7)
        stop.askForCheckpoint()
        stop.ask(.drain)
        stop.askForProfile(steps: 2)
        stop.ask(.cancel)
        told.listen(to: stop)
        #expect(told.all == ["checkpoint", "profile 2", "CANCEL"])
        let again = Told()
        again.listen(to: StopRequest())
        #expect(again.all.isEmpty)
    }

    /// Of two requests the stronger one holds, whatever their order.
    @Test func aWeakerRequestChangesNothing() {
        for first in StopIntent.allCases {
            for second in StopIntent.allCases {
                let (stop, told) = (StopRequest(), Told())
                told.listen(to: stop)
                stop.ask(first)
                stop.ask(second)
                let replaces = second.overrides(first)
                #expect(stop.intent == (replaces ? second : first))
                #expect(told.all == [first.rawValue] + (replaces ? [second.rawValue] : []))
            }
        }
    }
}
