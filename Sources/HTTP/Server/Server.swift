package import Reactor
import Synchronization

/// An HTTP/1.1 server on one or more reactors. The first listens and accepts, and gives each connection to the one that
/// has the fewest, in turns where several have; there it stays. Once started it lives until it is drained and the last handler has ended.
// @unchecked: what is not constant is touched on the first reactor's thread alone.
package final class Server: @unchecked Sendable {
    /// As given.
    package let configuration: ServerConfiguration
    /// The kernel's calls, or a test's.
    let calls: SocketCalls
    private let shards: [ServerShard]
    private let totals: ServerTotals
    private var listeners: [Listener] = []
    /// The one that got the last connection.
    private var lastShard = -1
    private var pauseReports = ReportLimit()

    /// A server that does not listen yet.
    /// - Parameters:
    ///   - reactors: where connections are served; at least one.
    ///   - run: what request ids of the first reactor begin with, and those of the next ones with the next numbers. Default random.
    ///   - calls: how bytes and connections come and go. Default by the kernel.
    ///   - router: called once for each reactor: its router, whose handlers run there.
    package init(
        _ configuration: ServerConfiguration, reactors: [EventLoop], run: UInt32 = .random(in: 0 ... .max),
        calls: SocketCalls = .kernel, router: (EventLoop) -> Router
    ) {
        precondition(!reactors.isEmpty, "a server without a reactor serves nobody")
        let totals = ServerTotals(configuration)
        self.configuration = configuration
        self.calls = calls
        self.totals = totals
        shards = reactors.enumerated().map { index, reactor in
            ServerShard(
                configuration, router: router(reactor), reactor: reactor, run: run &+ UInt32(index), calls: calls,
                totals: totals)
        }
    }

    /// The same on one reactor.
    package convenience init(
        _ configuration: ServerConfiguration, router: Router, reactor: EventLoop,
        run: UInt32 = .random(in: 0 ... .max), calls: SocketCalls = .kernel
    ) {
        self.init(configuration, reactors: [reactor], run: run, calls: calls) { _ in router }
    }

    /// The reactor that listens.
    // There is at least one.
    var reactor: EventLoop { shards[0].reactor }

    /// How many connections there are. From anywhere.
    package var connectionCount: Int { shards.reduce(0) { $0 + $1.count } }

    /// Whether every reactor drains. From anywhere.
    package var isDraining: Bool { shards.allSatisfy(\.isDraining) }

    /// Bytes of bodies in memory. From anywhere.
    package var bodyBytes: Int { totals.bodies.inMemory }

    /// How many each reactor has, in their order. From anywhere.
    package var connectionCounts: [Int] { shards.map(\.count) }

    // MARK: Life

    /// Listens on every address. Returns what was bound, with the ports that the kernel chose. From anywhere.
    /// - Throws: `SystemError` of socket(2), bind(2), listen(2); nothing listens then.
    package func start() async throws(SystemError) -> [ListenAddress] {
        try await reactor.call { () throws(SystemError) in try self.listen() }
    }

    private func listen() throws(SystemError) -> [ListenAddress] {
        do throws(SystemError) {
            for address in configuration.listen { listeners.append(try Listener(address, server: self)) }
            for socket in configuration.inherited { listeners.append(try Listener(socket, server: self)) }
        } catch {
            closeListeners()
            throw error
        }
        return listeners.map(\.address)
    }

    private func closeListeners() {
        for listener in listeners { listener.close() }
        listeners = []
    }

    /// Stops listening, lets requests that are under way end and closes every other connection; those that are left
    /// after `deadline` are broken off and their handlers cancelled. Returns once no connection is left. From anywhere.
    package func drain(deadline: Duration) async {
        await reactor.call { [self] in closeListeners() }
        await withTaskGroup { group in
            for shard in shards { group.addTask { await shard.drain(deadline: deadline) } }
        }
    }

    /// Breaks off what is held for requests that these let in, also what is about to be: long polls and streams that would
    /// go on for whoever may not ask any more. Other requests of theirs end by themselves. From anywhere.
    package func breakOff(bearers: Set<String>) {
        for shard in shards { shard.reactor.perform { shard.breakOff(bearers: bearers) } }
    }

    // MARK: Accepting, on the first reactor

    /// Whether one more connection can be had, if need be in place of an idle one.
    var acceptsMore: Bool {
        connectionCount < configuration.limits.connections || shards.contains { $0.idleCount > 0 }
    }

    /// Closes the connection that has been idle longest, of the reactor that has the most idle ones. False where it is not
    /// closed by now: none is idle, or another reactor closes it soon.
    func makeRoom() -> Bool {
        guard let shard = shards.max(by: { $0.idleCount < $1.idleCount }) else { return false }
        if shard.reactor === reactor { return shard.makeRoom() }
        shard.reactor.perform { _ = shard.makeRoom() }
        return false
    }

    /// Takes over an accepted descriptor.
    func accepted(_ descriptor: CInt, peer: Peer) {
        guard totals.opened(peer) else { return SystemCall.hangUp(descriptor) }
        if connectionCount >= configuration.limits.connections { _ = makeRoom() }
        nextShard().assign(descriptor, peer: peer)
    }

    /// The one with the fewest connections, the first such behind the one that got the last.
    private func nextShard() -> ServerShard {
        var next = (lastShard + 1) % shards.count
        for step in 1..<shards.count {
            let index = (lastShard + 1 + step) % shards.count
            if shards[index].count < shards[next].count { next = index }
        }
        lastShard = next
        return shards[next]
    }

    /// Nothing is accepted for a while. A line for each would drown the log.
    func paused(_ reason: String, _ retry: Duration) {
        totals.hold { [weak self] in
            guard let self else { return }
            reactor.perform { for listener in self.listeners { listener.resume() } }
        }
        configuration.figures.pauses.add(1, ordering: .relaxed)
        guard let times = pauseReports.note(at: reactor.now) else { return }
        configuration.log(.acceptPaused(reason: reason, retry: retry, times: times))
    }
}
