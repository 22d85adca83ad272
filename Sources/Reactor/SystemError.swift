import Glibc

/// A system call that failed: which one and `errno`. Would-block and end of file are results, never this.
package struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The name of the call, as in its manual page.
    package let call: String
    /// The value of `errno` read right after the call.
    package let code: CInt

    /// An error of `call` with the value of `errno`.
    package init(call: String, code: CInt) {
        self.call = call
        self.code = code
    }

    /// `accept4: Too many open files (24)`
    package var description: String { "\(call): \(String(cString: strerror(code))) (\(code))" }

    /// The process or the machine is out of descriptors (accept(2): EMFILE, ENFILE) or of memory for sockets.
    package var isOutOfDescriptors: Bool {
        code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM
    }
}
