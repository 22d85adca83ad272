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

    @Test func hostsTimesCoresIsTheSamePod() throws {
        #expect(try Pod(parsing: "2x8") == Pod(parsing: "2h8c"))
        #expect(try Pod(parsing: "2x8").name == Pod(hosts: 2, coresPerHost: 8).name)
    }

    @Test func slices() throws {
        let names = try [1, 4, 7, 8, 16, 256].map { try Slice(shards: $0).name }
        #expect(names == ["1x1", "1x4", "1x7", "2x4", "4x4", "64x4"])
        for count in [0, -1, -8, 9, 12, 15, 17] {
            #expect(throws: JobsError.shards(count)) { try Slice(shards: count) }
        }
    }

    @Test func whatFits() throws {
        let cases: [(String, Int, Bool)] = [
            ("v2-8", 8, true), ("v2-8", 16, false), ("v3-32", 32, true), ("v3-32", 40, false), ("2x4", 4, true),
            ("2x4", 5, false), ("2x4", 8, false),
        ]
        for (pod, shards, fits) in cases {
            #expect(try Slice(shards: shards).fits(Pod(parsing: pod)) == fits, "\(shards) on \(pod)")
        }
    }

    @Test func devicesAreTheJobsOwn() throws {
        let placement = Placement(
            slice: try Slice(shards: 2), hosts: [Placement.Host(host: 3, cores: [4, 6])])
        #expect(
            placement.devices(jobName: "tpu_worker")
                == ["/job:tpu_worker/task:0/device:TPU:0", "/job:tpu_worker/task:0/device:TPU:1"])
        #expect(Placement.cpu.devices(jobName: "x").isEmpty)
    }
}
