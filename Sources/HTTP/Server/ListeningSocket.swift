import Glibc
import Reactor

/// The socket calls of a listener.
enum ListeningSocket {
    /// Opens a non-blocking listening socket. Returns it with the address that was bound.
    /// - Throws: `SystemError`: EINVAL for a host that is not a numeric address or a socket path that is too long.
    static func open(_ address: ListenAddress, backlog: CInt) throws(SystemError) -> (CInt, ListenAddress) {
        switch address {
        case .tcp(let host, let port): try openTCP(host, port, backlog)
        case .unix(let path, let mode): try openUnix(path, mode, backlog, address)
        }
    }

    /// Makes an open descriptor one that a listener can use; what it is bound to.
    /// - Throws: `SystemError`: EINVAL for another socket than a listening one of streams.
    static func adopt(_ descriptor: CInt) throws(SystemError) -> ListenAddress {
        guard try option(descriptor, SO_TYPE) == CInt(SOCK_STREAM.rawValue),
            try option(descriptor, SO_ACCEPTCONN) == 1
        else { throw SystemError(call: "listen", code: EINVAL) }
        try checked("fcntl", fcntl(descriptor, F_SETFD, FD_CLOEXEC))
        let flags = fcntl(descriptor, F_GETFL)
        try checked("fcntl", flags)
        try checked("fcntl", fcntl(descriptor, F_SETFL, flags | O_NONBLOCK))
        let (storage, length) = try boundAddress(descriptor)
        switch peer(storage, of: descriptor) {
        case .internet(let host, let port):
            try set(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY)
            try keepAlive(descriptor)
            return .tcp(host: host, port: port)
        case .unixSocket: return .unix(path: path(storage, length))
        }
    }

    /// Takes one connection from the queue: its descriptor and who it is; nil when the queue is empty.
    static func accept(_ listener: CInt, by calls: SocketCalls) throws(SystemError) -> (CInt, Peer)? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        // unsafe: the kernel writes an address of at most `length` bytes into storage that lives through the call.
        let accepted = try withUnsafeMutablePointer(to: &storage) { pointer throws(SystemError) in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address throws(SystemError) in
                try SystemCall.accept(listener, address, &length, by: calls)
            }
        }
        return accepted.map { ($0, peer(storage, of: $0)) }
    }

    // MARK: TCP

    private static func openTCP(
        _ host: String, _ port: UInt16, _ backlog: CInt
    ) throws(SystemError) -> (CInt, ListenAddress) {
        var storage = sockaddr_storage()
        let length: socklen_t
        if host.contains(":") {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            guard inet_pton(AF_INET6, host, &address.sin6_addr) == 1 else { throw Self.noAddress }
            length = store(address, in: &storage)
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else { throw Self.noAddress }
            length = store(address, in: &storage)
        }
        let descriptor = try newSocket(CInt(storage.ss_family))
        do throws(SystemError) {
            try set(descriptor, SOL_SOCKET, SO_REUSEADDR)
            // Accepted sockets inherit these.
            try set(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY)
            try keepAlive(descriptor)
            try bind(descriptor, &storage, length)
            try checked("listen", Glibc.listen(descriptor, backlog))
            return (descriptor, .tcp(host: host, port: try boundPort(descriptor)))
        } catch {
            SystemCall.close(descriptor)
            throw error
        }
    }

    private static func boundPort(_ descriptor: CInt) throws(SystemError) -> UInt16 {
        if case .internet(_, let port) = peer(try boundAddress(descriptor).storage, of: descriptor) { return port }
        return 0
    }

    private static func boundAddress(
        _ descriptor: CInt
    ) throws(SystemError) -> (storage: sockaddr_storage, length: Int) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        // unsafe: as in accept.
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        try checked("getsockname", result)
        return (storage, Int(length))
    }

    // MARK: Unix

    private static func openUnix(
        _ path: String, _ mode: UInt32, _ backlog: CInt, _ wanted: ListenAddress
    ) throws(SystemError) -> (CInt, ListenAddress) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { throw Self.noAddress }
        // unsafe: fewer bytes than the field has; the rest is zero.
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        var storage = sockaddr_storage()
        let length = store(address, in: &storage)
        try removeStale(path, &storage, length)
        let descriptor = try newSocket(AF_UNIX)
        do throws(SystemError) {
            try bind(descriptor, &storage, length)
            try checked("chmod", chmod(path, mode_t(mode)))
            try checked("listen", Glibc.listen(descriptor, backlog))
            return (descriptor, wanted)
        } catch {
            SystemCall.close(descriptor)
            throw error
        }
    }

    /// Removes a socket file that nobody listens on any more; a live one, or a file of another kind, stays and is EADDRINUSE.
    private static func removeStale(
        _ path: String, _ storage: inout sockaddr_storage, _ length: socklen_t
    ) throws(SystemError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw SystemError(call: "bind", code: EADDRINUSE) }
        let probe = try newSocket(AF_UNIX)
        defer { SystemCall.close(probe) }
        // unsafe: the kernel reads an address of `length` bytes from storage that lives through the call.
        let result = withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(probe, $0, length) }
        }
        guard result < 0, errno == ECONNREFUSED else { throw SystemError(call: "bind", code: EADDRINUSE) }
        try checked("unlink", unlink(path))
    }

    // MARK: Calls

    private static let noAddress = SystemError(call: "bind", code: EINVAL)

    private static func newSocket(_ family: CInt) throws(SystemError) -> CInt {
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(family, type, 0)
        try checked("socket", descriptor)
        return descriptor
    }

    private static func set(
        _ descriptor: CInt, _ level: CInt, _ option: CInt, to value: CInt = 1
    ) throws(SystemError) {
        var value = value
        try checked("setsockopt", setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<CInt>.size)))
    }

    private static func option(_ descriptor: CInt, _ option: CInt) throws(SystemError) -> CInt {
        var value: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        try checked("getsockopt", getsockopt(descriptor, SOL_SOCKET, option, &value, &length))
        return value
    }

    /// A client whose machine went away without a word is noticed after two minutes: a long poll or a followed log has
    /// nothing to send that would tell (tcp(7)).
    private static func keepAlive(_ descriptor: CInt) throws(SystemError) {
        try set(descriptor, SOL_SOCKET, SO_KEEPALIVE)
        try set(descriptor, CInt(IPPROTO_TCP), TCP_KEEPIDLE, to: 60)
        try set(descriptor, CInt(IPPROTO_TCP), TCP_KEEPINTVL, to: 15)
        try set(descriptor, CInt(IPPROTO_TCP), TCP_KEEPCNT, to: 4)
    }

    private static func bind(
        _ descriptor: CInt, _ storage: inout sockaddr_storage, _ length: socklen_t
    ) throws(SystemError) {
        // unsafe: the kernel reads an address of `length` bytes from storage that lives through the call.
        let result = withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.bind(descriptor, $0, length) }
        }
        try checked("bind", result)
    }

    private static func checked(_ call: String, _ result: CInt) throws(SystemError) {
        if result < 0 { throw SystemError(call: call, code: errno) }
    }

    /// Copies an address of one family into the room for all.
    private static func store<Address>(_ address: Address, in storage: inout sockaddr_storage) -> socklen_t {
        // unsafe: sockaddr_storage has room and alignment for the address of every family.
        withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: address, as: Address.self) }
        return socklen_t(MemoryLayout<Address>.size)
    }

    private static func peer(_ storage: sockaddr_storage, of socket: CInt) -> Peer {
        var storage = storage
        let family = CInt(storage.ss_family)
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        // unsafe: the family says which address is in the storage.
        return withUnsafeBytes(of: &storage) { bytes in
            switch family {
            case AF_INET:
                var address = bytes.load(as: sockaddr_in.self)
                inet_ntop(AF_INET, &address.sin_addr, &text, socklen_t(text.count))
                return .internet(address: string(text), port: UInt16(bigEndian: address.sin_port))
            case AF_INET6:
                var address = bytes.load(as: sockaddr_in6.self)
                inet_ntop(AF_INET6, &address.sin6_addr, &text, socklen_t(text.count))
                return .internet(address: string(text), port: UInt16(bigEndian: address.sin6_port))
            default: return .unixSocket(user: SystemCall.peerUser(socket))
            }
        }
    }

    /// A Unix socket's path; that of an abstract address begins with an @, as systemd writes it.
    private static func path(_ storage: sockaddr_storage, _ length: Int) -> String {
        var storage = storage
        // unsafe: the kernel has written `length` bytes of a sockaddr_un.
        return withUnsafeBytes(of: &storage) { bytes in
            let path = bytes[..<min(length, bytes.count)].dropFirst(MemoryLayout<sa_family_t>.size)
            if path.first == 0, path.count > 1 { return "@" + String(decoding: path.dropFirst(), as: UTF8.self) }
            return String(decoding: path.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    private static func string(_ text: [CChar]) -> String {
        String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
