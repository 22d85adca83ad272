/// How the store does, for readiness, the watchdog and metrics: a value of one moment, made without waiting for anything.
package struct StoreFigures: Hashable, Sendable {
    /// Seconds since the last commit; since the opening while there was none.
    package var secondsSinceCommit: Double
    /// How many seconds the oldest write has waited for its commit; nil when none waits.
    package var secondsWaiting: Double?
    /// Why the last transaction was not committed; nil once one is.
    package var failure: StoreError?
    /// Why the log of writes could not be brought into the database; nil once it could.
    package var checkpointFailure: StoreError?
    /// How long the log of writes is, in bytes, when it was looked at last.
    package var walBytes: Int
    /// Whether a commit found the disk full and there is no room since: only what ends or moves jobs is written.
    package var isDiskFull: Bool

    /// Makes a value: all is well, and nothing was written yet.
    package init() {
        secondsSinceCommit = 0
        walBytes = 0
        isDiskFull = false
    }
}
