import Estimator
import Testing

/// Devices of cores and hosts by name.
@Suite struct PlacementTests {
    @Test(arguments: [(0, 0, 0), (7, 0, 7), (8, 1, 0), (19, 2, 3), (2047, 255, 7)])
    func coresOfAJob(core: Int, task: Int, ordinal: Int) throws {
        #expect(DevicePlacement(masterJob: "w")(core) == "/job:w/task:\(task)/device:TPU:\(ordinal)")
        #expect(DevicePlacement(masterJob: nil)(core) == "/task:\(task)/device:TPU:\(ordinal)")
        #expect(try HostPlacement(masterJob: "w")(coreID: core) == "/job:w/task:\(task)/device:CPU:0")
        let context = TPUContext(config: RunConfig(), trainBatchSize: nil, evalBatchSize: nil)
        #expect(context.tpuOrdinal(core) == ordinal)
    }

    @Test func hostsByNumber() throws {
        #expect(try HostPlacement(masterJob: "w")(hostID: 3) == "/job:w/task:3/device:CPU:0")
        // A local master has one host, whatever is asked.
        #expect(try HostPlacement(masterJob: nil)(hostID: 3) == "/replica:0/task:0/device:CPU:0")
        #expect(try HostPlacement(masterJob: nil)() == "/replica:0/task:0/device:CPU:0")
    }

    @Test func refusals() {
        for job in [nil, "w"] {
            #expect(throws: EstimatorError.coreAndHostGiven) {
                try HostPlacement(masterJob: job)(coreID: 1, hostID: 1)
            }
        }
        #expect(throws: EstimatorError.neitherCoreNorHostGiven) { try HostPlacement(masterJob: "w")() }
    }

    @Test func negativeCoresAreCutTowardZero() throws {
        let device = DevicePlacement(masterJob: "w")
        #expect(device(-1) == "/job:w/task:0/device:TPU:7")
        #expect(device(-8) == "/job:w/task:-1/device:TPU:0")
        #expect(device(-9) == "/job:w/task:-1/device:TPU:7")
        #expect(DevicePlacement(masterJob: nil)(-7) == "/task:0/device:TPU:1")
        let host = HostPlacement(masterJob: "w")
        #expect(try host(coreID: -7) == "/job:w/task:0/device:CPU:0")
        #expect(try host(coreID: -16) == "/job:w/task:-2/device:CPU:0")
        #expect(try host(hostID: -3) == "/job:w/task:-3/device:CPU:0")
    }
}
