import Jobs
import Store
import Testing
import TestSupport

@Suite struct JobFilterTests {
    @Test func filters() async throws {
        let fixture = try TestStore()
        for number in 0..<12 {
            var job = TestStore.job(number)
            job.owner = number.isMultiple(of: 2) ? "alice" : "bob"
            job.name = number < 6 ? "low" : "high"
            job.labels = ["third": "\(number % 3)", "all": ""]
            _ = try await fixture.store.submit(job)
        }
        try await fixture.store.transition(
            StateChange(
                job: TestStore.job(11).id, version: 1, move: JobMachine.Move(to: .paused), at: TestStore.time(99)))
        func list(_ change: (inout JobFilter) -> Void) async throws -> [JobID] {
            var filter = JobFilter()
            change(&filter)
            return try await fixture.store.list(filter, limit: 100).jobs.map(\.id)
        }
        func ids(_ numbers: Int...) -> [JobID] { numbers.map { TestStore.job($0).id } }
        #expect(try await list { $0.owner = "alice" } == ids(10, 8, 6, 4, 2, 0))
        #expect(try await list { $0.name = "high" }.count == 6)
        #expect(try await list { $0.labels = ["third": "1", "all": ""] } == ids(10, 7, 4, 1))
        #expect(try await list { $0.labels = ["third": "1", "all": "x"] }.isEmpty)
        #expect(try await list { $0.states = [.paused, .failed] } == ids(11))
        #expect(try await list { $0.owner = "x' OR 1=1 --" }.isEmpty)
        #expect(try await fixture.store.newestJobID() == TestStore.job(11).id)
    }

    /// What a filter lets through is what its definition says, in pages of any size.
    @Test(arguments: UInt64(0)..<5)
    func everyFilterIsItsDefinition(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let fixture = try TestStore()
        var jobs: [JobRecord] = []
        for number in 0..<40 {
            var job = TestStore.job(number)
            job.owner = ["a", "b", "%"][generator.below(3)]
            job.name = ["n", "m_"][generator.below(2)]
            if generator.below(2) == 0 { job.labels["x"] = "\(generator.below(2))" }
            if generator.below(2) == 0 { job.labels["y"] = "" }
            _ = try await fixture.store.submit(job)
            var record = JobRecord(job)
            if generator.below(3) == 0 {
                record = try await fixture.store.transition(
                    StateChange(job: job.id, version: 1, move: .init(to: .paused), at: TestStore.time(99)))
            }
            record.spec = nil
            jobs.append(record)
        }
        for _ in 0..<40 {
            var filter = JobFilter()
            if generator.below(2) == 0 { filter.owner = ["a", "%", "z"][generator.below(3)] }
            if generator.below(3) == 0 { filter.name = ["n", "m_", "m"][generator.below(3)] }
            if generator.below(3) == 0 { filter.states = [[.queued], [.paused, .failed]][generator.below(2)] }
            if generator.below(3) == 0 { filter.labels = [["x": "0"], ["x": "1", "y": ""]][generator.below(2)] }
            let expected = jobs.filter { job in
                (filter.owner == nil || filter.owner == job.owner) && (filter.name == nil || filter.name == job.name)
                    && (filter.states.isEmpty || filter.states.contains(job.state))
                    && filter.labels.allSatisfy { job.labels[$0.key] == $0.value }
            }
            let limit = 1 + generator.below(12)
            var (found, after) = ([JobRecord](), JobID?.none)
            repeat {
                let page = try await fixture.store.list(filter, limit: limit, after: after)
                #expect(page.jobs.count <= limit)
                found += page.jobs
                after = page.next
            } while after != nil
            #expect(found == Array(expected.reversed()), "seed \(seed), \(filter)")
        }
    }
}
