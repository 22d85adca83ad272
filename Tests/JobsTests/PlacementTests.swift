import Jobs
import Testing

@Suite struct PlacementTests {
    @Test func devicesAreTheJobsOwn() throws {
        let placement = Placement(
            slice: try Slice(shards: 2), hosts: [Placement.Host(host: 3, cores: [4, 6])])
        #expect(
            placement.devices(jobName: "tpu_worker")
                == ["/job:tpu_worker/task:0/device:TPU:0", "/job:tpu_worker/task:0/device:TPU:1"])
        #expect(Placement.cpu.devices(jobName: "x").isEmpty)
    }

    @Test func eachHostIsATaskOfTheJob() throws {
        let placement = Placement(
            slice: try Slice(shards: 16),
            hosts: [5, 2].map { Placement.Host(host: $0, cores: Array(0..<8)) })
        let devices = placement.devices(jobName: "worker")
        #expect(devices.count == placement.cores)
        #expect(devices.first == "/job:worker/task:0/device:TPU:0")
        #expect(devices[8] == "/job:worker/task:1/device:TPU:0")
        #expect(devices.last == "/job:worker/task:1/device:TPU:7")
        #expect(Set(devices).count == 16)
    }

    @Test func itsCoresAreCountedOverAllHosts() {
        #expect(Placement.cpu.cores == 0)
        #expect(
            Placement(
                slice: nil,
                hosts: [.init(host: 0, cores: [1, 2]), .init(host: 1, cores: []), .init(host: 2, cores: [7])]
            )
            .cores == 3)
    }
}
