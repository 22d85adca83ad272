import Jobs
import Testing

@Suite struct JobsErrorTests {
    @Test func eachSaysWhatWasFoundAndWhatIsExpected() {
        #expect(
            JobsError.pod(name: "v2-9", detail: "a TPU has whole hosts of 8 cores").description
                == "pod \"v2-9\": a TPU has whole hosts of 8 cores")
        #expect(
            JobsError.shards(12).description
                == "a slice has 1 to 8 cores of one host or whole hosts of 8 (a multiple of 8), not 12")
    }

    /// Which of the two rules of a pod's name was broken is told with the number.
    @Test(arguments: [
        ("v2-12", "12 is not a multiple of 8"), ("v3-4096", "1 to 256 hosts, not 512"),
        ("2h9c", "1 to 8 cores, not 9"), ("257h8c", "1 to 256 hosts, not 257"), ("pod", "named like v2-8"),
    ])
    func aBadPodIsExplained(name: String, words: String) {
        do throws(JobsError) {
            _ = try Pod(parsing: name)
            Issue.record("\(name) was read as a pod")
        } catch {
            #expect(error.description.hasPrefix("pod \"\(name)\": "), "\(error)")
            #expect(error.description.contains(words), "\(error)")
        }
    }
}
