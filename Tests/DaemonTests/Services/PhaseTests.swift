import Daemon
import Testing

@Suite struct PhaseTests {
    @Test func aPhaseGoesOnAndNeverBack() {
        let phases: [Phase] = [.starting, .serving, .draining]
        for first in phases {
            for second in phases {
                let life = PhaseSwitch()
                #expect(life.phase == .starting)
                life.advance(to: first)
                life.advance(to: second)
                #expect(life.phase.rawValue == max(first.rawValue, second.rawValue), "\(first) then \(second)")
            }
        }
    }

    @Test func theLatestOfManyAtOnceWins() async {
        let life = PhaseSwitch()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<100 { group.addTask { life.advance(to: number == 50 ? .draining : .serving) } }
        }
        #expect(life.phase == .draining)
    }
}
