/// An error that may come of a call which the system refused: then it tells `errno`, so that whoever answers for it can
/// tell a condition of the machine from a fault of the file.
package protocol SystemCallError: Error {
    /// `errno` as the call left it; nil when no call was refused.
    var systemError: Int32? { get }
}
