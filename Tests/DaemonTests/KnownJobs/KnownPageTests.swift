import API
import Daemon
import Formats
import HTTP
import Jobs
import Store
import Testing

@Suite struct KnownPageTests {
    private let now = Timestamp(seconds: 100)

    private func bytes(_ response: Response?) -> [UInt8]? {
        guard case .bytes(let bytes)? = response?.body else { return nil }
        return bytes
    }

    private func moment(_ job: KnownJob, _ position: Int?) -> JobMoment {
        JobMoment(pending: position.map { PendingView(reason: .coresBusy, position: $0) })
    }

    /// To the byte what the view of a page is.
    @Test(arguments: [0, 1, 3]) func itsTextIsThatOfAView(count: Int) {
        for next in [nil, KnownJobSamples.id(9)] {
            let jobs = (0..<count).map { (KnownJob(KnownJobSamples.record($0, spec: nil)), Optional($0 + 1)) }
            let page = KnownPage(jobs, next: next)
            let answer = page.makeAnswer(at: .init(pending: 1, progress: 1), now: now, each: moment)
            let views = jobs.map { job, position in
                JobView(job.record, pending: moment(job, position).pending, running: nil)
            }
            #expect(
                bytes(answer)
                    == JobPage(jobs: views, nextPageToken: next?.description).wire.serialized() + [10])
        }
    }

    @Test func itIsMadeAnewWhenSomethingElseIsToBeShown() {
        let page = KnownPage([(KnownJob(KnownJobSamples.record(1, spec: nil)), 1)], next: nil)
        let first = KnownPage.Moment(pending: 1, progress: 1)
        #expect(page.answer(at: first, now: now) == nil)
        let made = page.makeAnswer(at: first, now: now, each: moment)
        #expect(bytes(page.answer(at: first, now: now)) == bytes(made))
        #expect(page.answer(at: .init(pending: 2, progress: 1), now: now) == nil)
        #expect(page.answer(at: .init(pending: 1, progress: 2), now: now) == nil)
    }

    /// Why a job waits changes by itself when its back-off is over.
    @Test func itHoldsNoLongerThanABackOff() {
        var record = KnownJobSamples.record(1, .retryWait, spec: nil)
        record.retryAt = now.advanced(bySeconds: 5)
        let page = KnownPage([(KnownJob(record), 1)], next: nil)
        let at = KnownPage.Moment(pending: 1, progress: 1)
        _ = page.makeAnswer(at: at, now: now, each: moment)
        #expect(page.answer(at: at, now: now.advanced(bySeconds: 4.9)) != nil)
        #expect(page.answer(at: at, now: now.advanced(bySeconds: 5)) == nil)
    }
}
