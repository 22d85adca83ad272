import Glibc
package import Reactor

/// A listening socket that somebody else has opened and keeps, such as systemd: connections wait in it while no server runs.
package struct InheritedSocket: Sendable, Equatable {
    /// The descriptor, which becomes the server's.
    package let descriptor: CInt
    /// What it is bound to.
    package let address: ListenAddress

    /// Takes over a descriptor: it does not block from now on, and programs that are started don't get it.
    /// - Throws: `SystemError`: EINVAL for what is not a listening stream socket of TCP or of a path, and those of
    ///   getsockopt(2), fcntl(2) and getsockname(2).
    package init(_ descriptor: CInt) throws(SystemError) {
        self.descriptor = descriptor
        address = try ListeningSocket.adopt(descriptor)
    }
}
