import Estimator
import Testing

/// Which job the TPU's is.
@Suite struct TPUContextMasterJobTests {
    private func job(
        master: String, evaluationMaster: String? = nil, jobs: [String]? = nil, name: String? = nil,
        mode: ModeKeys? = .train
    ) throws -> String? {
        try TPUContext(
            config: RunConfig(
                master: master, evaluationMaster: evaluationMaster,
                sessionConfiguration: jobs.map { SessionConfiguration(cluster: ClusterSpec(jobs: $0)) },
                tpuConfig: try TPUConfig(tpuJobName: name)),
            trainBatchSize: 8, evalBatchSize: 8
        ).withMode(mode).masterJob
    }

    @Test(arguments: ["", "local"]) func aLocalMasterHasNone(master: String) throws {
        #expect(try job(master: master) == nil)
        #expect(try job(master: master, jobs: ["a", "b", "c"]) == nil)
    }

    @Test(
        arguments: [
            (nil, "tpu_worker"), ([], "tpu_worker"), (["a"], "a"), (["coordinator"], "coordinator"),
            (["a", "coordinator"], "a"), (["coordinator", "a"], "a"), (["a", "a"], "a"),
        ] as [([String]?, String)])
    func aRemoteMasterHasWhatTheClusterLeaves(jobs: [String]?, expected: String) throws {
        #expect(try job(master: "grpc://host", jobs: jobs) == expected)
    }

    @Test func refusals() {
        #expect(throws: EstimatorError.jobNameNotAllowed("tpu_worker")) {
            try job(master: "grpc://host", jobs: ["a", "tpu_worker"])
        }
        #expect(throws: EstimatorError.jobNameNotInferred) { try job(master: "grpc://host", jobs: ["a", "b"]) }
        #expect(throws: EstimatorError.jobNameNotInferred) {
            try job(master: "grpc://host", jobs: ["a", "b", "coordinator"])
        }
        #expect(throws: EstimatorError.modeNotSet) { try job(master: "grpc://host", mode: nil) }
    }

    @Test func anExplicitNameWinsAndNeedsNoMode() throws {
        #expect(try job(master: "", name: "mine", mode: nil) == "mine")
        #expect(try job(master: "grpc://host", jobs: ["a", "b", "tpu_worker"], name: "mine") == "mine")
        #expect(try job(master: "grpc://host", name: "") == "tpu_worker")
    }

    @Test func evaluationHasAMasterOfItsOwn() throws {
        #expect(try job(master: "grpc://host", evaluationMaster: "", mode: .evaluate) == nil)
        #expect(try job(master: "", evaluationMaster: "grpc://host", mode: .evaluate) == "tpu_worker")
        #expect(try job(master: "grpc://host", mode: .evaluate) == "tpu_worker")
        #expect(try job(master: "grpc://host", evaluationMaster: "", mode: .predict) == "tpu_worker")
    }
}
