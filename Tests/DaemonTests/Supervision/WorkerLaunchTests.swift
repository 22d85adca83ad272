import Daemon
import Testing

@Suite struct MemoryKillsTests {
    @Test func theCountIsReadFromTheKernelsText() {
        #expect(MemoryKills.count(in: "nr_free_pages 5\noom_kill 12\nballoon 3\n") == 12)
        #expect(MemoryKills.count(in: "nr_free_pages 5\n") == 0)
    }

    @Test(arguments: [
        (
            "2026-01-01T00:00:00.000Z INFO step 1\nFatal error: failed to allocate 1073741856 bytes of memory\nCurrent",
            true
        ),
        ("terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc\n", true),
        ("2026-01-01T00:00:00.000Z INFO Fatal error: failed to allocate 3 bytes\n", false),
        ("Fatal error: Index out of range\n", false), ("", false),
    ]) func aRefusedAllocationIsALineOfTheRuntimes(log: String, is refusal: Bool) {
        #expect(MemoryKills.saysRefusal(log) == refusal)
    }
}
