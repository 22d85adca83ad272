import Estimator
import Testing

@Suite struct SessionTests {
    /// Values as a log line shows them.
    @Test func valuesInWords() {
        #expect(
            [SessionValue.none, .integer(.min), .integer(0), .real(0.5), .real(.nan), .real(1e7)].map(\.description)
                == [
                    "None", "-9223372036854775808", "0", "0.5", "nan", "10000000.0",
                ])
    }

    /// A run without a limit says so.
    @Test func aRunWithoutLimit() throws {
        let log = TraceLog()
        let session: any Session = ScriptedSession(tracer: log.tracer)
        #expect(try session.run([.loss, .globalStep]) == [.none, .none])
        try session.run([], timeoutMilliseconds: 3)
        #expect(
            log.records.map(\.event) == [
                .sessionRun(fetches: ["loss", "global_step"], timeoutMilliseconds: nil),
                .sessionRun(fetches: [], timeoutMilliseconds: 3),
            ])
    }

    /// The job is part of what an operation is.
    @Test func operationsOfJobs() {
        #expect(SessionOperation.initializeSystem(job: "a") != .initializeSystem(job: "b"))
        #expect(SessionOperation.initializeSystem(job: nil) == SessionOperation("initialize_system"))
        #expect(SessionOperation.shutdownSystem(job: nil) == SessionOperation("shutdown_system"))
        #expect(SessionOperation.shutdownSystem(job: "a").job == "a")
    }
}
