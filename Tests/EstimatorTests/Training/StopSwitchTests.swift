import Estimator
import TestSupport
import Testing

@Suite struct StopSwitchTests {
    @Test func discardingWins() {
        let seed: UInt64 = 3
        var random = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let stop = StopSwitch()
            let asked = (0..<random.below(5)).map { _ in random.below(2) == 0 ? StopSwitch.Request.keeping : .discarding
            }
            for request in asked { stop.ask(request) }
            #expect(stop.request == (asked.contains(.discarding) ? .discarding : asked.first), "seed \(seed): \(asked)")
        }
    }

    @Test func aCheckpointIsTakenOnce() {
        let stop = StopSwitch()
        #expect(!stop.takeCheckpointRequest())
        stop.askForCheckpoint()
        stop.askForCheckpoint()
        #expect(stop.takeCheckpointRequest())
        #expect(!stop.takeCheckpointRequest())
        #expect(stop.request == nil, "a checkpoint is no stop")
    }

    @Test func theNextRunStartsWithoutRequests() {
        let stop = StopSwitch()
        stop.ask(.discarding)
        stop.askForCheckpoint()
        stop.reset()
        #expect(stop.request == nil && !stop.takeCheckpointRequest())
    }

    @Test func aLastingRequestIsOneOfEveryRun() {
        let stop = StopSwitch()
        stop.ask(.keeping, isLasting: true)
        stop.askForCheckpoint()
        for _ in 0..<2 {
            stop.reset()
            #expect(stop.request == .keeping && stop.isLasting && !stop.takeCheckpointRequest())
        }
        stop.ask(.discarding)
        stop.reset()
        #expect(stop.request == .discarding && stop.isLasting)
    }
}
