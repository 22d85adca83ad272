import Daemon
import Testing

@Suite struct OrphanReaperTests {
    @Test func onlyWhatIsSeenTwiceIsReaped() {
        let reaper = OrphanReaper()
        #expect(reaper.look(at: [5, 6]) == [])
        #expect(reaper.look(at: [6, 7]) == [6])
        #expect(reaper.look(at: []) == [])
        #expect(reaper.look(at: [6]) == [])
    }

    @Test(arguments: [
        ("12 (sh) Z 1 12 12 0", true), ("12 (sh) S 1 12 12 0", false), ("12 (sh) Z 4 12 12 0", false),
        ("12 (a) Z 1) S 1 2", false), ("12 (a) S 4) Z 1 2", true), ("", false), ("12 (sh)", false),
    ]) func aZombieIsToldByItsStat(text: String, is zombie: Bool) {
        #expect(OrphanReaper.isZombie(text, of: 1) == zombie)
    }
}
