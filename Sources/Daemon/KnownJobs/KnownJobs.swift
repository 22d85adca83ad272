package import Jobs
package import Store
import Synchronization

/// What was read of jobs, kept in memory for as long as it holds: what is given out is what a read of the database that begins
/// now would find (docs/decisions/0021-known-jobs.md has the proof).
///
/// A stamp counts the beginnings and ends of commits that change jobs. It is odd while one is under way. What was read is kept
/// only where the stamp is even, and what it was before the read began. A commit takes out what it changes before it begins. What
/// hangs on more jobs than one, a page and a place in the queue, holds only while the stamp is the same.
///
/// From any thread; the lock is held for looks at tables alone.
package final class KnownJobs: Sendable {
    /// How many beginnings and ends of commits there were.
    package typealias Stamp = UInt64

    private struct Entry {
        let job: KnownJob
        let position: Int?
        let stamp: Stamp
    }

    private struct State {
        var stamp: Stamp = 0
        var jobs: LeastRecentlyUsed<JobID, Entry>
        var pages: LeastRecentlyUsed<KnownPage.Key, (page: KnownPage, stamp: Stamp)>

        /// Whether what was read since a stamp holds.
        func holds(_ read: Stamp) -> Bool { read == stamp && stamp % 2 == 0 }

        /// Keeps a job of a read that holds. A large specification does not push out all others.
        mutating func keep(_ job: KnownJob, _ position: Int?) {
            let cost = job.cost
            guard cost <= jobs.limit / 8 else { return jobs.remove(job.record.id) }
            jobs.insert(Entry(job: job, position: position, stamp: stamp), cost: cost, for: job.record.id)
        }
    }

    private let state: Mutex<State>

    /// Bytes of jobs and of pages that are kept by default.
    package static let defaultLimits = (jobs: 32 << 20, pages: 8 << 20)

    /// Nothing is known yet.
    /// - Parameter limits: Bytes of jobs and of pages that are kept.
    package init(limits: (jobs: Int, pages: Int) = defaultLimits) {
        state = Mutex(
            State(jobs: LeastRecentlyUsed(limit: limits.jobs), pages: LeastRecentlyUsed(limit: limits.pages)))
    }

    /// A commit begins or is over.
    package func note(_ commit: JobCommit) {
        state.withLock { state in
            state.stamp += 1
            if case .begins(let jobs) = commit {
                for job in jobs { state.jobs.remove(job) }
            }
        }
    }

    /// The stamp: to be asked for before a read begins.
    package var stamp: Stamp { state.withLock { $0.stamp } }

    /// Bytes that are kept, about.
    package var cost: Int { state.withLock { $0.jobs.cost + $0.pages.cost } }

    // MARK: Jobs

    /// A job without its specification; nil when it is not known.
    package func record(of id: JobID) -> JobRecord? { state.withLock { $0.jobs.value(for: id) }?.job.record }

    /// A job and its place in the queue; nil when it is not known, or when it waits and its place is not.
    package func placed(_ id: JobID) -> (job: KnownJob, position: Int?)? {
        state.withLock { state in
            guard let entry = state.jobs.value(for: id) else { return nil }
            guard !entry.job.record.state.isWaiting || state.holds(entry.stamp) else { return nil }
            return (entry.job, entry.position)
        }
    }

    /// Keeps a job that was read since a stamp, unless it may have changed.
    package func keep(_ job: KnownJob, position: Int?, read stamp: Stamp) {
        state.withLock { state in
            guard state.holds(stamp) else { return }
            state.keep(job, position)
        }
    }

    // MARK: Pages

    /// A first page; nil when it is not known.
    package func page(_ key: KnownPage.Key) -> KnownPage? {
        state.withLock { state in
            guard let (page, stamp) = state.pages.value(for: key), state.holds(stamp) else { return nil }
            return page
        }
    }

    /// The jobs of a page that was read since a stamp: those that are known already, with what was made of them, and the others.
    package func jobs(of page: JobListPage, read stamp: Stamp) -> [(job: KnownJob, position: Int?)] {
        state.withLock { state in
            let holds = state.holds(stamp)
            return page.jobs.map { record in
                let known = holds ? state.jobs.value(for: record.id)?.job : nil
                return (known ?? KnownJob(record), page.positions[record.id])
            }
        }
    }

    /// Keeps a first page that was read since a stamp, with its jobs, unless it may have changed.
    package func keep(_ page: KnownPage, as key: KnownPage.Key, read stamp: Stamp) {
        state.withLock { state in
            guard state.holds(stamp) else { return }
            state.pages.insert((page, stamp), cost: page.cost, for: key)
            for (job, position) in page.jobs { state.keep(job, position) }
        }
    }
}
