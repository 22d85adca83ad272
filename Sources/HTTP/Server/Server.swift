import Glibc
import HTTPTypes
package import Reactor
import Synchronization

/// An HTTP/1.1 server on one reactor: listeners, connections, and what they share. Once started it lives until it is
/// drained and the last handler has ended.
// @unchecked: what is not constant is touched on the reactor's thread alone.
package final class Server: @unchecked Sendable {
    /// The reactor that everything runs on.
    package let reactor: EventLoop
    /// As given.
    package let configuration: ServerConfiguration
    /// As given.
    package let router: Router

    let parser: HeadParser
    /// One send for so many bytes of pipelined answers.
    let sendAt = 64 << 10
    /// All connections receive into this one buffer.
    let readBuffer: UnsafeMutableRawBufferPointer
    /// How much of it may be used in a turn.
    var readBudget = ReadBudget()
    /// Whether `readBuffer` holds bytes that are being read.
    var isReceiving = false
    /// What connections write to first.
    let scratch = ScratchBuffer()
    /// What requests are read into.
    let pool: RequestPool
    /// The kernel's calls, or a test's.
    let calls: SocketCalls
    /// Bytes of bodies in memory. On the reactor.
    package var bodyBytes: Int { pool.bodyBytes }

    /// Whom it answers.
    var origins: OriginCheck
    private var idle = IdleList()
    private var clients: ClientConnections
    private var pauseReports = ReportLimit()
    private var date: DateField
    private let run: UInt32
    private var number: UInt64 = 0
    /// By descriptor.
    private var connections: [Connection?] = []
    private var listeners: [Listener] = []
    /// Whether `drain` was called. On the reactor.
    package private(set) var isDraining = false
    private var drained: [CheckedContinuation<Void, Never>] = []
    /// How many connections there are. On the reactor.
    package private(set) var connectionCount = 0

    /// A server that does not listen yet.
    /// - Parameters:
    ///   - run: what request ids begin with. Default random.
    ///   - calls: how bytes and connections come and go. Default by the kernel.
    package init(
        _ configuration: ServerConfiguration, router: Router, reactor: EventLoop,
        run: UInt32 = .random(in: 0 ... .max), calls: SocketCalls = .kernel
    ) {
        self.configuration = configuration
        self.router = router
        self.reactor = reactor
        self.run = run
        self.calls = calls
        clients = ClientConnections(limit: configuration.limits.connectionsPerClient)
        pool = RequestPool(limit: configuration.limits.bodiesTogether, figures: configuration.figures)
        origins = OriginCheck(hosts: configuration.hosts, hint: configuration.hostHint)
        parser = HeadParser(limits: configuration.limits)
        date = DateField(
            before: configuration.fields.reduce(into: []) { bytes, field in
                bytes.append(contentsOf: "\(field.name.rawName): \(field.value)\r\n".utf8)
            })
        // unsafe: freed in deinit, which connections, who use it, put off by keeping the server.
        readBuffer = .allocate(byteCount: 64 << 10, alignment: 16)
    }

    deinit { readBuffer.deallocate() }

    // MARK: Life

    /// Listens on every address. Returns what was bound, with the ports that the kernel chose. From anywhere.
    /// - Throws: `SystemError` of socket(2), bind(2), listen(2); nothing listens then.
    package func start() async throws(SystemError) -> [ListenAddress] {
        try await reactor.call { () throws(SystemError) in try self.listen() }
    }

    /// Stops listening, lets requests that are under way end and closes every other connection; those that are left
    /// after `deadline` are broken off and their handlers cancelled. Returns once no connection is left. From anywhere.
    package func drain(deadline: Duration) async {
        await withCheckedContinuation { continuation in
            reactor.perform { self.drain(deadline, continuation) }
        }
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

    private func drain(_ deadline: Duration, _ continuation: CheckedContinuation<Void, Never>) {
        isDraining = true
        closeListeners()
        drained.append(continuation)
        for case let connection? in connections {
            connection.drain()
        }
        guard connectionCount > 0 else { return finishDrain() }
        _ = reactor.schedule(after: deadline) { [weak self] in self?.breakOff() }
    }

    /// Breaks off what is held for requests that these let in, also what is about to be: long polls and streams that would
    /// go on for whoever may not ask any more. Other requests of theirs end by themselves. On the reactor.
    package func breakOff(bearers: Set<String>) {
        for case let connection? in connections {
            if let bearer = connection.current.bearer, bearers.contains(bearer) { connection.takeBack() }
        }
    }

    private func breakOff() {
        for case let connection? in connections { connection.giveUp() }
    }

    private func finishDrain() {
        let waiting = drained
        drained = []
        for continuation in waiting { continuation.resume() }
    }

    // MARK: Connections

    /// Whether one more connection can be had, if need be in the place of an idle one.
    var acceptsMore: Bool { connectionCount < configuration.limits.connections || idle.oldest != nil }

    /// Closes the connection that has been idle longest; false when none is idle. One whose next request has arrived
    /// already is passed over where there is another, as far as that is found quickly.
    func makeRoom() -> Bool {
        guard let oldest = idle.oldest else { return false }
        var chosen = oldest
        var candidate: Int? = oldest
        for _ in 0..<16 {
            guard let descriptor = candidate else { break }
            if !SystemCall.hasUnread(CInt(descriptor)) {
                chosen = descriptor
                break
            }
            candidate = idle.next(after: descriptor)
        }
        configuration.figures.evicted.add(1, ordering: .relaxed)
        connections[chosen]?.giveUp()
        return true
    }

    /// A connection waits for a request.
    func becameIdle(_ connection: Connection) {
        idle.append(Int(connection.descriptor))
        for listener in listeners { listener.resume() }
    }

    /// A connection does something else.
    func becameBusy(_ connection: Connection) { idle.remove(Int(connection.descriptor)) }

    /// Nothing is accepted for a while. A line for each would drown the log.
    func paused(_ reason: String, _ retry: Duration) {
        configuration.figures.pauses.add(1, ordering: .relaxed)
        guard let times = pauseReports.note(at: reactor.now) else { return }
        configuration.log(.acceptPaused(reason: reason, retry: retry, times: times))
    }

    /// Takes over an accepted descriptor.
    func accepted(_ descriptor: CInt, peer: Peer) {
        guard clients.open(peer) else {
            configuration.figures.refused.add(1, ordering: .relaxed)
            return SystemCall.hangUp(descriptor)
        }
        let connection = Connection(server: self, descriptor: descriptor, peer: peer)
        do throws(SystemError) {
            connection.registration = try reactor.register(descriptor, handler: connection)
        } catch {
            clients.close(peer)
            return SystemCall.hangUp(descriptor)
        }
        let index = Int(descriptor)
        if index >= connections.count {
            connections.append(contentsOf: repeatElement(nil, count: max(64, 2 * index) - connections.count))
        }
        connections[index] = connection
        connectionCount += 1
        configuration.figures.openedInAll.add(1, ordering: .relaxed)
        configuration.figures.opened.store(connectionCount, ordering: .relaxed)
        connection.armDeadline()
        if connectionCount > configuration.limits.connections { _ = makeRoom() }
        idle.append(index)
    }

    /// A connection is closed.
    func ended(_ connection: Connection) {
        idle.remove(Int(connection.descriptor))
        clients.close(connection.peer)
        connections[Int(connection.descriptor)] = nil
        connectionCount -= 1
        configuration.figures.opened.store(connectionCount, ordering: .relaxed)
        for listener in listeners { listener.resume() }
        if connectionCount == 0, isDraining { finishDrain() }
    }

    // MARK: What connections share

    /// Date and the other fields of every answer, with their ends.
    func fixedFields() -> [UInt8] {
        date.refresh(reactor.now)
        return date.bytes
    }

    /// The next request's name.
    func nextID() -> RequestID {
        number += 1
        return RequestID(run: run, number: number)
    }
}
