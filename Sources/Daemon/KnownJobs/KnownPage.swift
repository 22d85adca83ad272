package import HTTP
import HTTPTypes
package import Jobs
package import Store
import Synchronization

/// The first page of a list as it was read, and what was made of it last.
package final class KnownPage: Sendable {
    /// What it is the first page of.
    package struct Key: Hashable, Sendable {
        /// Which jobs.
        package let filter: JobFilter
        /// How many of them.
        package let limit: Int

        /// The first page of so many jobs that a filter lets through.
        package init(_ filter: JobFilter, limit: Int) {
            self.filter = filter
            self.limit = limit
        }
    }

    /// What of a page's text may change without a commit: it is the same while this is.
    package struct Moment: Hashable, Sendable {
        /// How often it has changed why jobs wait.
        package var pending: UInt64
        /// How often it has changed how far jobs are.
        package var progress: UInt64

        /// The moment with these counts.
        package init(pending: UInt64, progress: UInt64) {
            self.pending = pending
            self.progress = progress
        }
    }

    private struct Shown {
        let moment: Moment
        /// From then on it is made anew, as a back-off is over; nil where none is waited out.
        let until: Timestamp?
        let answer: Response
    }

    /// The jobs and their places in the queue.
    package let jobs: [(job: KnownJob, position: Int?)]
    private let next: JobID?
    private let shown = Mutex<Shown?>(nil)

    /// - Parameter next: The job after which the next page begins; nil when this is the last.
    package init(_ jobs: [(job: KnownJob, position: Int?)], next: JobID?) {
        self.jobs = jobs
        self.next = next
    }

    /// The answer that was made last, if it shows this moment.
    package func answer(at moment: Moment, now: Timestamp) -> Response? {
        shown.withLock { shown in
            guard let shown, shown.moment == moment else { return nil }
            if let until = shown.until, until <= now { return nil }
            return shown.answer
        }
    }

    /// The answer, made anew. Takes as long as making the text of each job that shows something else than last time.
    /// - Parameters:
    ///   - moment: As of before anything of it was looked at.
    ///   - each: What a job shows now.
    package func makeAnswer(
        at moment: Moment, now: Timestamp, each: (KnownJob, _ position: Int?) -> JobMoment
    ) -> Response {
        let texts = jobs.map { $0.job.text(at: each($0.job, $0.position)) }
        var answer = Response.json(Self.text(texts, next: next))
        answer.fields[.cacheControl] = CacheControl.never.rawValue
        let until = jobs.compactMap { $0.job.record.retryAt }.min()
        shown.withLock { $0 = Shown(moment: moment, until: until, answer: answer) }
        return answer
    }

    /// A page's text, of the texts of its jobs.
    private static func text(_ jobs: [[UInt8]], next: JobID?) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(jobs.reduce(128) { $0 + $1.count + 1 })
        text += "{\"jobs\":[".utf8
        for (index, job) in jobs.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            text += job
        }
        text += "],\"next_page_token\":\(next.map { "\"\($0)\"" } ?? "null")}\n".utf8
        return text
    }

    /// About how many bytes of memory it takes beside its jobs.
    package var cost: Int {
        let text = shown.withLock { shown in
            if case .bytes(let bytes)? = shown?.answer.body { bytes.count } else { 0 }
        }
        return 1_024 + 32 * jobs.count + text
    }
}
