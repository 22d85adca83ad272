/// One permitted change of a job's state, with the reason that it is permitted.
package struct Transition: Hashable, Sendable {
    /// The state before.
    package let from: JobState
    /// The state after.
    package let to: JobState
    /// When it happens, as a phrase.
    package let why: String

    /// Makes a row of the table.
    package init(_ from: JobState, _ to: JobState, _ why: String) {
        self.from = from
        self.to = to
        self.why = why
    }
}

/// The one table of permitted changes. What is not in it can neither be asked for nor be stored.
package enum TransitionTable {
    /// Every permitted change; `docs/states.md` draws them, and a test compares.
    package static let rows: [Transition] = [
        Transition(.queued, .starting, "the scheduling pass gave it cores and a worker"),
        Transition(.queued, .paused, "its owner paused it"),
        Transition(.queued, .cancelled, "its owner cancelled it"),
        Transition(.queued, .expired, "start_deadline_seconds passed"),
        Transition(.queued, .queued, "its owner resumed it while it was held"),
        Transition(.starting, .running, "its worker reported that it runs"),
        Transition(.starting, .stopping, "somebody asked it to stop"),
        Transition(.starting, .succeeded, "its last checkpoint was at the target already"),
        Transition(.starting, .failed, "an outcome that ends the job, or one too many of the others"),
        Transition(.starting, .queued, "an outcome that does not count"),
        Transition(.starting, .retryWait, "an outcome that counts, with attempts left, or a condition of the machine"),
        Transition(.running, .stopping, "somebody asked it to stop"),
        Transition(.running, .succeeded, "it is done"),
        Transition(.running, .failed, "an outcome that ends the job, or one too many of the others"),
        Transition(.running, .queued, "an outcome that does not count"),
        Transition(.running, .retryWait, "an outcome that counts, with attempts left, or a condition of the machine"),
        Transition(.stopping, .stopping, "a stronger stop request replaced the first one"),
        Transition(.stopping, .succeeded, "it was done before it stopped"),
        Transition(.stopping, .failed, "it failed by itself before it stopped"),
        Transition(.stopping, .cancelled, "it stopped to be cancelled"),
        Transition(.stopping, .timedOut, "it stopped as max_run_seconds had passed"),
        Transition(.stopping, .paused, "it stopped to be paused"),
        Transition(.stopping, .queued, "it stopped to make room, or as its host or the daemon goes away"),
        Transition(.stopping, .retryWait, "it crashed, or the machine failed, while it made room"),
        Transition(.paused, .queued, "its owner resumed it"),
        Transition(.paused, .cancelled, "its owner cancelled it"),
        Transition(.paused, .expired, "start_deadline_seconds passed before its first start"),
        Transition(.retryWait, .queued, "the backoff is over"),
        Transition(.retryWait, .paused, "its owner paused it"),
        Transition(.retryWait, .cancelled, "its owner cancelled it"),
    ]

    /// Whether a job may go from one state to the other.
    package static func allows(_ from: JobState, _ to: JobState) -> Bool {
        successors(of: from).contains(to)
    }

    /// Where a job may go from `state`, in the table's order; none when the state is final.
    package static func successors(of state: JobState) -> [JobState] {
        byState[state] ?? []
    }

    private static let byState = Dictionary(grouping: rows, by: \.from).mapValues { $0.map(\.to) }
}
