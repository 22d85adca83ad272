import Daemon
import Jobs
import Store
import Synchronization
import Testing

@Suite struct StoreHealthTests {
    @Test(
        arguments: [
            (StoreError.diskFull, MachineCondition.diskFull), (.folder(call: "fsync", errno: 5), .ioError),
            (.ioError(code: 10 | 6 << 8, "disk I/O error"), .ioError),
            (.resources(code: 7, "out of memory"), .resources), (.database(code: 5, "locked"), nil),
            (.refused("a row"), nil), (.closed, nil),
        ] as [(StoreError, MachineCondition?)]) func anErrorSaysWhatIsWrongWithTheMachine(
            error: StoreError, condition: MachineCondition?
        )
    {
        #expect(error.condition == condition)
        let health = StoreHealth()
        health.failed(error)
        #expect(health.trouble == condition)
    }

    @Test func theFirstFailureAloneIsNews() {
        let health = StoreHealth()
        let told = Mutex(0)
        health.whenItFails { told.withLock { $0 += 1 } }
        #expect(!health.succeeded())
        health.failed(.diskFull)
        health.failed(.diskFull)
        #expect(told.withLock { $0 } == 1)
        #expect(health.succeeded())
        #expect(health.trouble == nil)
        health.failed(.diskFull)
        #expect(told.withLock { $0 } == 2)
    }
}
