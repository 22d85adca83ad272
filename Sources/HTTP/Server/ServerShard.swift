import HTTPTypes
import Reactor
import Synchronization

/// The connections of a server on one reactor, and what they share: nothing of it is another shard's but the totals.
// @unchecked: what is neither constant nor atomic is touched on the reactor's thread alone.
final class ServerShard: @unchecked Sendable {
    /// The reactor that everything runs on.
    let reactor: EventLoop
    let configuration: ServerConfiguration
    let router: Router
    let totals: ServerTotals
    let parser: HeadParser
    /// One send for so many bytes of pipelined answers.
    let sendAt = 64 << 10
    /// All connections receive into this one buffer.
    let readBuffer: UnsafeMutableRawBufferPointer
    // What follows is touched by one call at a time, and none that comes back to it: checks of that at run time would take a
    // hundredth of a request's time.
    /// How much of it may be used in a turn.
    @exclusivity(unchecked) var readBudget = ReadBudget()
    /// Whether `readBuffer` holds bytes that are being read.
    @exclusivity(unchecked) var isReceiving = false
    /// What connections write to first.
    let scratch = ScratchBuffer()
    /// What requests are read into.
    let pool: RequestPool
    /// The kernel's calls, or a test's.
    let calls: SocketCalls
    /// Whom it answers.
    @exclusivity(unchecked) var origins: OriginCheck

    private let assigned = Atomic(0)
    private let waiting = Atomic(0)
    @exclusivity(unchecked) private var idle = IdleList()
    @exclusivity(unchecked) private var date: DateField
    private let run: UInt32
    @exclusivity(unchecked) private var number: UInt64 = 0
    /// By descriptor.
    @exclusivity(unchecked) private var connections: [Connection?] = []
    private var drained: [CheckedContinuation<Void, Never>] = []
    private let drains = Atomic(false)

    /// - Parameter run: What request ids begin with.
    init(
        _ configuration: ServerConfiguration, router: Router, reactor: EventLoop, run: UInt32, calls: SocketCalls,
        totals: ServerTotals
    ) {
        self.configuration = configuration
        self.router = router
        self.reactor = reactor
        self.run = run
        self.calls = calls
        self.totals = totals
        pool = RequestPool(bodies: totals.bodies)
        origins = OriginCheck(hosts: configuration.hosts, hint: configuration.hostHint)
        parser = HeadParser(limits: configuration.limits)
        date = DateField(
            before: configuration.fields.reduce(into: []) { bytes, field in
                bytes.append(contentsOf: "\(field.name.rawName): \(field.value)\r\n".utf8)
            })
        // unsafe: freed in deinit, which connections, who use it, put off by keeping the shard.
        readBuffer = .allocate(byteCount: 64 << 10, alignment: 16)
    }

    deinit { readBuffer.deallocate() }

    // MARK: How many

    /// The connections that it has or is about to get. From anywhere.
    var count: Int { assigned.load(ordering: .relaxed) }

    /// Those of them that wait for a request. From anywhere.
    var idleCount: Int { waiting.load(ordering: .relaxed) }

    /// Whether it drains. From anywhere.
    var isDraining: Bool { drains.load(ordering: .relaxed) }

    private func countIdle() { waiting.store(idle.count, ordering: .relaxed) }

    // MARK: Connections

    /// Gives an accepted descriptor to this shard: it is counted from now on, and read soon. From anywhere.
    func assign(_ descriptor: CInt, peer: Peer) {
        assigned.add(1, ordering: .relaxed)
        reactor.perform { self.take(descriptor, peer) }
    }

    private func take(_ descriptor: CInt, _ peer: Peer) {
        let connection = Connection(shard: self, descriptor: descriptor, peer: peer)
        do throws(SystemError) {
            connection.registration = try reactor.register(descriptor, handler: connection)
        } catch {
            SystemCall.hangUp(descriptor)
            return forget(peer)
        }
        let index = Int(descriptor)
        if index >= connections.count {
            connections.append(contentsOf: repeatElement(nil, count: max(64, 2 * index) - connections.count))
        }
        connections[index] = connection
        connection.armDeadline()
        idle.append(index)
        countIdle()
    }

    /// A connection waits for a request.
    func becameIdle(_ connection: Connection) {
        idle.append(Int(connection.descriptor))
        countIdle()
        totals.hasRoom()
    }

    /// A connection does something else.
    func becameBusy(_ connection: Connection) {
        idle.remove(Int(connection.descriptor))
        countIdle()
    }

    /// A connection is closed.
    func ended(_ connection: Connection) {
        becameBusy(connection)
        connections[Int(connection.descriptor)] = nil
        forget(connection.peer)
    }

    private func forget(_ peer: Peer) {
        let left = assigned.subtract(1, ordering: .relaxed).newValue
        totals.closed(peer)
        if left == 0, isDraining { finishDrain() }
    }

    /// Closes the connection that has been idle longest; false when none is idle. One whose next request has arrived
    /// already is passed over where there is another, as far as that is found quickly. On the reactor.
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

    // MARK: The end

    /// As `Server.drain(deadline:)`. From anywhere.
    func drain(deadline: Duration) async {
        await withCheckedContinuation { continuation in
            reactor.perform { self.drain(deadline, continuation) }
        }
    }

    private func drain(_ deadline: Duration, _ continuation: CheckedContinuation<Void, Never>) {
        drains.store(true, ordering: .relaxed)
        drained.append(continuation)
        for case let connection? in connections { connection.drain() }
        guard count > 0 else { return finishDrain() }
        _ = reactor.schedule(after: deadline) { [weak self] in self?.breakOff() }
    }

    private func breakOff() {
        for case let connection? in connections { connection.giveUp() }
    }

    private func finishDrain() {
        let ended = drained
        drained = []
        for continuation in ended { continuation.resume() }
    }

    /// As `Server.breakOff(bearers:)`. On the reactor.
    func breakOff(bearers: Set<String>) {
        for case let connection? in connections {
            if let bearer = connection.current.bearer, bearers.contains(bearer) { connection.takeBack() }
        }
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
