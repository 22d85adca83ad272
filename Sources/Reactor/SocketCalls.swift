package import CLinux
import Glibc

/// The kernel's calls that accept connections and move their bytes, as a value: a test gives others, which fail when it
/// says so. Each returns what the kernel returns: -1 for an error, which is in `errno` then. An object, as every connection
/// refers to it.
package final class SocketCalls: Sendable {
    /// recv(2) without flags.
    package let receive: @Sendable (CInt, UnsafeMutableRawBufferPointer) -> Int
    /// send(2) with MSG_NOSIGNAL.
    package let send: @Sendable (CInt, UnsafeRawBufferPointer) -> Int
    /// accept4(2) with SOCK_NONBLOCK and SOCK_CLOEXEC.
    package let accept: @Sendable (CInt, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int

    /// These calls.
    package init(
        receive: @escaping @Sendable (CInt, UnsafeMutableRawBufferPointer) -> Int,
        send: @escaping @Sendable (CInt, UnsafeRawBufferPointer) -> Int,
        accept: @escaping @Sendable (CInt, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int
    ) {
        self.receive = receive
        self.send = send
        self.accept = accept
    }

    /// The kernel's own.
    package static let kernel = SocketCalls(
        receive: { Glibc.recv($0, $1.baseAddress, $1.count, 0) },
        send: { Glibc.send($0, $1.baseAddress, $1.count, CInt(MSG_NOSIGNAL)) },
        accept: { Int(clinux_accept4($0, $1, $2)) })
}
