package import CLinux
import Glibc

/// What reading or writing moved.
package enum IOResult: Equatable, Sendable {
    /// So many bytes, at least one.
    case bytes(Int)
    /// Nothing now (EAGAIN).
    case wouldBlock
    /// The other side sends no more (a read of zero bytes).
    case end
}

/// All calls of the kernel: `errno` is read at once, EINTR is retried, EAGAIN is a result.
package enum SystemCall {
    /// The call's result, or nil for EAGAIN.
    @inline(__always)
    static func checked(_ name: StaticString, _ body: () -> Int) throws(SystemError) -> Int? {
        while true {
            let result = body()
            if result >= 0 { return result }
            let code = errno
            if code == EINTR { continue }
            if code == EAGAIN || code == EWOULDBLOCK { return nil }
            throw SystemError(call: "\(name)", code: code)
        }
    }

    /// As `checked`, where the call cannot block.
    @inline(__always)
    static func required(_ name: StaticString, _ body: () -> Int) throws(SystemError) -> Int {
        guard let result = try checked(name, body) else { throw SystemError(call: "\(name)", code: EAGAIN) }
        return result
    }

    // MARK: Bytes

    /// recv(2) from a socket.
    package static func receive(
        _ descriptor: CInt, into buffer: UnsafeMutableRawBufferPointer, by calls: SocketCalls = .kernel
    ) throws(SystemError) -> IOResult {
        guard let count = try checked("recv", { calls.receive(descriptor, buffer) }) else { return .wouldBlock }
        return count == 0 ? .end : .bytes(count)
    }

    /// Whether a socket has bytes, its end or an error to tell, without taking anything (MSG_PEEK).
    package static func hasUnread(_ socket: CInt) -> Bool {
        var byte: UInt8 = 0
        let flags = CInt(MSG_PEEK) | CInt(MSG_DONTWAIT)
        return Glibc.recv(socket, &byte, 1, flags) > 0
    }

    /// send(2) to a socket, without SIGPIPE.
    package static func send(
        _ descriptor: CInt, _ buffer: UnsafeRawBufferPointer, by calls: SocketCalls = .kernel
    ) throws(SystemError) -> IOResult {
        guard let count = try checked("send", { calls.send(descriptor, buffer) }) else { return .wouldBlock }
        return .bytes(count)
    }

    /// send(2) of an array from `start` on.
    package static func send(
        _ descriptor: CInt, _ bytes: [UInt8], from start: Int, by calls: SocketCalls = .kernel
    ) throws(SystemError) -> IOResult {
        // unsafe: the kernel reads from an array that lives through the call.
        try bytes.span.bytes.withUnsafeBytes { buffer throws(SystemError) in
            try send(descriptor, UnsafeRawBufferPointer(rebasing: buffer[start...]), by: calls)
        }
    }

    /// read(2) from any descriptor.
    package static func read(
        _ descriptor: CInt, into buffer: UnsafeMutableRawBufferPointer
    ) throws(SystemError) -> IOResult {
        guard let count = try checked("read", { Glibc.read(descriptor, buffer.baseAddress, buffer.count) }) else {
            return .wouldBlock
        }
        return count == 0 ? .end : .bytes(count)
    }

    /// write(2) to any descriptor.
    package static func write(
        _ descriptor: CInt, _ buffer: UnsafeRawBufferPointer
    ) throws(SystemError) -> IOResult {
        guard let count = try checked("write", { Glibc.write(descriptor, buffer.baseAddress, buffer.count) }) else {
            return .wouldBlock
        }
        return .bytes(count)
    }

    /// pread(2): zero bytes at the end of the file.
    package static func read(
        _ descriptor: CInt, at offset: Int64, into buffer: UnsafeMutableRawBufferPointer
    ) throws(SystemError) -> Int {
        try required("pread") { Glibc.pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset)) }
    }

    /// accept4(2): a non-blocking descriptor that no child inherits; nil when nobody waits.
    package static func accept(
        _ listener: CInt, _ address: UnsafeMutablePointer<sockaddr>, _ length: inout socklen_t,
        by calls: SocketCalls = .kernel
    ) throws(SystemError) -> CInt? {
        // unsafe: `length` lives through the call.
        let result = try withUnsafeMutablePointer(to: &length) { length throws(SystemError) in
            try checked("accept4") { calls.accept(listener, address, length) }
        }
        return result.map { CInt($0) }
    }

    /// The user of the process at the other end of a Unix socket (SO_PEERCRED of unix(7)); nil where that is not known.
    package static func peerUser(_ socket: CInt) -> UInt32? { UInt32(exactly: clinux_peer_user(socket)) }

    /// close(2). EINTR is not retried: on Linux the descriptor is gone by then.
    package static func close(_ descriptor: CInt) {
        _ = Glibc.close(descriptor)
    }

    /// Ends a socket's connection or listening, then closes it. close(2) alone would end it only with the last copy of the
    /// descriptor, and a child that was forked just now has one until it runs its program.
    package static func hangUp(_ socket: CInt) {
        _ = Glibc.shutdown(socket, CInt(SHUT_RDWR))
        close(socket)
    }

    /// shutdown(2) of one direction; an error says only that the other side was faster.
    package static func shutdown(_ descriptor: CInt, how: CInt) {
        _ = Glibc.shutdown(descriptor, how)
    }

    /// O_NONBLOCK on.
    package static func setNonBlocking(_ descriptor: CInt) throws(SystemError) {
        let flags = try required("fcntl") { Int(clinux_get_status_flags(descriptor)) }
        _ = try required("fcntl") { Int(clinux_set_status_flags(descriptor, CInt(flags) | O_NONBLOCK)) }
    }

    // MARK: Readiness

    /// epoll_create1(2).
    static func epollCreate() throws(SystemError) -> CInt {
        CInt(try required("epoll_create1") { Int(epoll_create1(CInt(EPOLL_CLOEXEC))) })
    }

    /// epoll_ctl(2); `token` comes back with each event.
    static func epollControl(
        _ epoll: CInt, _ operation: CInt, _ descriptor: CInt, events: UInt32, token: UInt64
    ) throws(SystemError) {
        _ = try required("epoll_ctl") { Int(clinux_epoll_ctl(epoll, operation, descriptor, events, token)) }
    }

    /// epoll_wait(2): how many events there are. A signal (SIGCONT after a stop is one) ends the wait with none.
    package static func epollWait(
        _ epoll: CInt, _ events: UnsafeMutableBufferPointer<epoll_event>, milliseconds: CInt
    ) throws(SystemError) -> Int {
        let count = epoll_wait(epoll, events.baseAddress, CInt(events.count), milliseconds)
        if count >= 0 { return Int(count) }
        let code = errno
        if code == EINTR { return 0 }
        throw SystemError(call: "epoll_wait", code: code)
    }

    /// eventfd(2), non-blocking.
    static func eventDescriptor() throws(SystemError) -> CInt {
        CInt(
            try required("eventfd") {
                Int(eventfd(0, CInt(EFD_NONBLOCK) | CInt(EFD_CLOEXEC)))
            })
    }
}
