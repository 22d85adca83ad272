/// What a check process exits with.
package enum CheckExitStatus: Int32, Sendable {
    /// The daemon has closed the socket.
    case done = 0
    /// The daemon spoke nonsense.
    case abandoned = 3
    /// A check used up the memory that it may use.
    case exhausted = 4
}
