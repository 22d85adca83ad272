/// What an export process exits with.
package enum ExportExitStatus: Int32, Sendable, CaseIterable {
    /// The model is in the file.
    case done = 0
    /// The daemon is gone, or the file can't be written to.
    case abandoned = 3
    /// It used up the memory that it may use.
    case exhausted = 4
    /// The model can't be exported: the file has a sentence that says why, without its full stop.
    case refused = 5
}
