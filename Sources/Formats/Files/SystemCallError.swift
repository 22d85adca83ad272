import Glibc

/// An error that may come of a call which the system refused: then it tells `errno`, so that whoever answers for it can
/// tell a condition of the machine from a fault of the file.
package protocol SystemCallError: Error {
    /// `errno` as the call left it; nil when no call was refused.
    var systemError: Int32? { get }
}

extension FormatError {
    /// What `errno` means for the person whose file it is: "the daemon may not read it", else the system's own words.
    package static func words(_ reason: Int32) -> String {
        switch reason {
        case EACCES, EPERM: "the daemon may not read it"
        case ELOOP: "there are too many links"
        case EMFILE, ENFILE: "too many files are open"
        case ENAMETOOLONG: "the name is too long"
        case EIO: "the disk can't be read"
        // In glibc any thread may call it.
        default: strerror(reason).map { String(cString: $0) } ?? "the system refused it"
        }
    }
}
