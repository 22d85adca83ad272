import CLinux

/// What epoll(7) says of a descriptor.
package struct Readiness: OptionSet, Sendable {
    /// The bits of epoll(7).
    package let rawValue: UInt32

    /// From the bits of epoll(7).
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Bytes (or the end) can be read; a listener can accept.
    package static let readable = Readiness(rawValue: clinux_epollin)
    /// Bytes can be written.
    package static let writable = Readiness(rawValue: clinux_epollout)
    /// The other side will send no more (EPOLLRDHUP).
    package static let peerClosed = Readiness(rawValue: clinux_epollrdhup)
    /// Both directions are closed (EPOLLHUP).
    package static let hungUp = Readiness(rawValue: clinux_epollhup)
    /// The descriptor has an error (EPOLLERR); the next call on it says which.
    package static let failed = Readiness(rawValue: clinux_epollerr)

    // A set literal or `contains` of another module's option set allocates; these are asked for every event.

    /// Whether bytes, the end or an error can be read.
    package var isReadable: Bool { rawValue & clinux_epollin != 0 }
    /// Whether bytes can be written.
    package var isWritable: Bool { rawValue & clinux_epollout != 0 }
    /// Whether the other side sends no more.
    package var isPeerClosed: Bool { rawValue & clinux_epollrdhup != 0 }
    /// Whether neither direction works any more.
    package var isBroken: Bool { rawValue & (clinux_epollhup | clinux_epollerr) != 0 }
}

/// Called on the reactor's thread when its descriptor is ready.
package protocol ReadinessHandler: AnyObject {
    /// `readiness` became true (edge) or is true (level).
    func ready(_ readiness: Readiness)
}

/// Whether an event says that readiness began (edge), or that it holds (level).
package enum Trigger: Sendable {
    /// Told once for each change: read or write until would-block.
    case edge
    /// Told as long as it holds: for listeners.
    case level
}

/// Names one registration of a descriptor. The generation makes events of a closed descriptor, whose number is already
/// in use again, fall to nobody.
package struct Registration: Hashable, Sendable {
    /// The descriptor that is watched.
    package let descriptor: CInt
    let generation: UInt32

    var token: UInt64 { UInt64(generation) << 32 | UInt64(UInt32(bitPattern: descriptor)) }

    init(descriptor: CInt, generation: UInt32) {
        self.descriptor = descriptor
        self.generation = generation
    }

    init(token: UInt64) {
        descriptor = CInt(bitPattern: UInt32(truncatingIfNeeded: token))
        generation = UInt32(truncatingIfNeeded: token >> 32)
    }
}

/// A closure as a handler.
final class ClosureReadinessHandler: ReadinessHandler {
    private let body: (Readiness) -> Void

    init(_ body: @escaping (Readiness) -> Void) { self.body = body }

    func ready(_ readiness: Readiness) { body(readiness) }
}
