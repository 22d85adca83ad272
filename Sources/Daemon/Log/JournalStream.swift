import Glibc

/// The journal as the other end of a standard stream.
package enum JournalStream {
    /// Whether what is written to a descriptor goes to the journal: `JOURNAL_STREAM` names the device and the inode of the
    /// stream that systemd has connected (systemd.exec(5)); a shell may have put another one in its place.
    package static func isBehind(_ descriptor: Int32, environment: [String: String]) -> Bool {
        var status = stat()
        guard let stream = environment["JOURNAL_STREAM"], fstat(descriptor, &status) == 0 else { return false }
        return stream == "\(status.st_dev):\(status.st_ino)"
    }
}
