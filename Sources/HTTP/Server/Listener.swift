import Glibc
import Reactor

/// A socket that listens. Level triggered: what one turn leaves in the queue is told again in the next.
final class Listener: ReadinessHandler {
    /// What is bound; the port is the one that the kernel chose.
    let address: ListenAddress
    private let server: Server
    private let descriptor: CInt
    /// Whether the socket was opened here: then its file goes with it.
    private let isOwn: Bool
    private var registration: Registration?
    private var policy = AcceptPolicy()
    private var pause: TimerToken?
    private var isPaused = false

    /// Most connections that are accepted in one turn.
    private static let batch = 128

    init(_ wanted: ListenAddress, server: Server) throws(SystemError) {
        self.server = server
        isOwn = true
        (descriptor, address) = try ListeningSocket.open(wanted, backlog: server.configuration.backlog)
        registration = try server.reactor.register(descriptor, for: .readable, trigger: .level, handler: self)
    }

    init(_ inherited: InheritedSocket, server: Server) throws(SystemError) {
        self.server = server
        isOwn = false
        (descriptor, address) = (inherited.descriptor, inherited.address)
        registration = try server.reactor.register(descriptor, for: .readable, trigger: .level, handler: self)
    }

    func ready(_ readiness: Readiness) {
        for _ in 0..<Self.batch {
            guard server.acceptsMore else {
                hold("all \(server.configuration.limits.connections) connections are busy", .seconds(1))
                // One of another reactor may have ended since, when nobody was told yet.
                if server.acceptsMore { resume() }
                return
            }
            do throws(SystemError) {
                guard let (accepted, peer) = try ListeningSocket.accept(descriptor, by: server.calls) else { return }
                policy.succeeded()
                server.accepted(accepted, peer: peer)
            } catch {
                if error.isOutOfDescriptors, server.makeRoom() { continue }
                if case .pause(let duration) = policy.failed(error) { return hold(error.description, duration) }
            }
        }
    }

    /// Goes on accepting after a pause, because its time is over or a connection has ended.
    func resume() {
        guard isPaused, let registration else { return }
        isPaused = false
        if let pause { server.reactor.cancel(pause) }
        pause = nil
        do throws(SystemError) {
            try server.reactor.change(registration, to: .readable, trigger: .level)
        } catch {
            hold(error.description, .seconds(1))
        }
    }

    private func hold(_ reason: String, _ duration: Duration) {
        guard let registration else { return }
        isPaused = true
        // An error here would leave the listener as it is: it tries again at once, which is what the pause is to spare.
        try? server.reactor.change(registration, to: [], trigger: .level)
        pause = server.reactor.schedule(after: duration) { [weak self] in
            self?.pause = nil
            self?.resume()
        }
        server.paused(reason, duration)
    }

    /// Ends the listening; the file of a Unix socket that was opened here goes, too. One that was inherited is closed here
    /// alone: what waits in it is for whoever listens next.
    func close() {
        guard let registration else { return }
        self.registration = nil
        if let pause { server.reactor.cancel(pause) }
        server.reactor.deregister(registration)
        guard isOwn else { return SystemCall.close(descriptor) }
        SystemCall.hangUp(descriptor)
        if case .unix(let path, _) = address { unlink(path) }
    }
}
