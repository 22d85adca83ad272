import API
import Daemon
import Formats
import HTTP
import HTTPTypes
import Jobs
import Store
import Testing

@Suite struct KnownJobTests {
    private static let moments = [
        JobMoment(), JobMoment(pending: PendingView(reason: .coresBusy, position: 2)),
        JobMoment(progress: JobProgress(globalStep: 7, loss: 0.5)),
    ]

    private func bytes(_ response: Response?) -> [UInt8]? {
        guard case .bytes(let bytes)? = response?.body else { return nil }
        return bytes
    }

    /// What is kept is, to the byte, what is made anew; and it follows what changes beside the database.
    @Test(arguments: [JobState.queued, .running, .succeeded]) func itShowsEachMomentAsAViewDoes(state: JobState) throws
    {
        let record = KnownJobSamples.record(1, state, version: 7, spec: "{\"a\":[1,2]}")
        let job = KnownJob(record)
        for moment in Self.moments + Self.moments.reversed() {
            for _ in 0..<2 {
                var view = JobView(record, pending: moment.pending, running: moment.progress)
                #expect(job.text(at: moment) == view.wire.serialized())
                view.spec = try JSON(parsing: Array("{\"a\":[1,2]}".utf8))
                let answer = job.answer(at: moment)
                #expect(bytes(answer) == view.wire.serialized() + [10])
                #expect(answer?.fields[.eTag] == "\"7\"")
                #expect(answer?.fields[.contentType] == "application/json")
            }
        }
    }

    @Test func aJobThatWasReadWithoutItsSpecificationHasNoAnswer() {
        let job = KnownJob(KnownJobSamples.record(1, spec: nil))
        #expect(job.answer(at: JobMoment()) == nil)
        #expect(!job.hasSpec)
        #expect(!job.text(at: JobMoment()).isEmpty)
    }

    @Test func itCostsNoLessThanItsTexts() {
        let job = KnownJob(KnownJobSamples.record(1, spec: "{\"a\":\"\(String(repeating: "x", count: 100_000))\"}"))
        let texts = job.text(at: JobMoment()).count + (bytes(job.answer(at: JobMoment())) ?? []).count
        #expect(texts > 100_000)
        #expect(job.cost >= texts)
    }
}
