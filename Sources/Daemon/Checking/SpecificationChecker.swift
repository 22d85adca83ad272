package import HTTP
package import Reactor
package import WorkerProtocol

/// Checks specifications: the seam behind which they are read, resolved, built and planned.
package protocol SpecificationChecker: Sendable {
    /// Checks one. A cancelled task ends it at once.
    /// - Parameters:
    ///   - body: The text as the client sent it.
    ///   - client: Whose it is: clients take turns.
    ///   - isDryRun: Whether the plan is wanted, too.
    /// - Throws: ``CheckFailure`` when the check itself failed.
    func check(_ body: [UInt8], of client: ClientKey, isDryRun: Bool) async throws(CheckFailure)
        -> CheckReport.Finding

    /// How many checks run, and how many wait for their turn. On the reactor.
    var figures: (running: Int, waiting: Int) { get }

    /// Ends what runs and waits: nothing more is checked. On the reactor.
    func close()
}

/// Why a check failed without an answer about the specification.
package enum CheckFailure: Error, Sendable, Equatable {
    /// Others wait already, as many as may, or it has waited for too long.
    case busy
    /// So many of the same client's wait already, as many as may of one, or as large ones.
    case clientBusy(waiting: Int)
    /// The daemon is about to end.
    case closing
    /// The client went away.
    case cancelled
    /// It took longer than it may.
    case tooSlow
    /// It took more processor time than it may.
    case tooMuchTime
    /// It took more memory than it may.
    case tooMuchMemory
    /// The process ended in the middle of it.
    case ended(ChildExit)
    /// The process sent bytes that are not a report.
    case malformed(String)
    /// There was no process, as descriptors, processes or memory were short.
    case shortage(String)
    /// There was no process for another reason.
    case notStarted(String)
}
