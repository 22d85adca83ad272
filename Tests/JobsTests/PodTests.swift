import Jobs
import Testing

@Suite struct PodTests {
    @Test(arguments: [
        ("v2-8", 1, 8), ("v3-32", 4, 8), ("v3-2048", 256, 8), ("2h8c", 2, 8), ("1h1c", 1, 1), ("3h4c", 3, 4),
    ])
    func reads(name: String, hosts: Int, cores: Int) throws {
        let pod = try Pod(parsing: name)
        #expect((pod.name, pod.hosts, pod.coresPerHost, pod.cores) == (name, hosts, cores, hosts * cores))
    }

    @Test(arguments: [
        "", "v2", "v2-", "v-8", "v2-0", "v2-4", "v2-12", "v3-4096", "0h8c", "2h9c", "257h8c", "2h", "2hc", "h8c", "2h8",
        "+2h8c", "02h8c", "0x8", "2x9", "2x", "x8",
        "2x8x1", "2 x8", "v2-99999999999999999999", "V2-8",
    ])
    func refuses(name: String) {
        #expect(throws: JobsError.self) { try Pod(parsing: name) }
    }

    @Test func anErrorNamesThePodAsItWasWritten() {
        let detail = "a host has 1 to 8 cores, not 9"
        #expect(throws: JobsError.pod(name: "2x9", detail: detail)) { try Pod(parsing: "2x9") }
        #expect(throws: JobsError.pod(name: "2h9c", detail: detail)) { try Pod(parsing: "2h9c") }
    }

    @Test func hostsTimesCoresIsTheSamePod() throws {
        #expect(try Pod(parsing: "2x8") == Pod(parsing: "2h8c"))
        #expect(try Pod(parsing: "2x8").name == Pod(hosts: 2, coresPerHost: 8).name)
    }

    @Test(arguments: [(0, 8), (257, 8), (1, 0), (1, 9), (-1, -1), (.max, .max)])
    func refusesNumbersOutOfRange(hosts: Int, cores: Int) {
        #expect(throws: JobsError.self) { try Pod(hosts: hosts, coresPerHost: cores) }
    }

    /// A pod that is made of numbers has the name that reads as the same pod.
    @Test func itsNameReadsAsItself() throws {
        for hosts in [1, 2, 255, 256] {
            for cores in 1...8 {
                let pod = try Pod(hosts: hosts, coresPerHost: cores)
                #expect(try Pod(parsing: pod.name) == pod)
            }
        }
    }
}
