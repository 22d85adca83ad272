import Reactor
import Synchronization

/// The clients that follow streams: a job's log, events. Each costs one small object; nothing is looked at while nothing
/// is announced, and nothing is kept for a client that reads slowly but where it is: it is served again, from what is
/// stored, when there is room.
// @unchecked: all but the atomic count is touched on the reactor's thread alone.
package final class StreamAudience<Topic: Hashable & Sendable, Position: Hashable & Sendable>: @unchecked Sendable {
    package typealias Follower = StreamFollower<Topic, Position>

    /// What a stream has from a position on.
    package struct Block: Sendable {
        /// What follows a block.
        package enum Next: Sendable {
            /// Another block.
            case more
            /// Nothing yet.
            case nothing
            /// The end of the stream.
            case end
        }

        /// What is to be sent.
        var bytes: [UInt8]
        /// Where the next block begins.
        var end: Position
        /// What follows.
        var next: Next
    }

    /// What they need of the daemon.
    package struct Source: Sendable {
        /// Looks at a topic; what it answers reads blocks as of then or later.
        var open: @Sendable (Topic) async throws -> @Sendable (Position) async throws -> Block
        /// Told when a topic can't be read.
        var failed: @Sendable (Topic, any Error) -> Void
    }

    /// What is sent where nothing happens.
    package struct Heartbeat: Sendable {
        /// How often.
        var every: Duration
        /// What says nothing.
        var bytes: [UInt8]
    }

    /// The followers of one topic.
    private struct Followed {
        var all: [Follower] = []
        /// Those that have to be served although nothing was announced.
        var some: [Follower] = []
        var wasAnnounced = false
        var isPumping = false
    }

    /// How long followers are not told of more at most.
    private static var longestPause: Duration { .milliseconds(250) }
    /// How many writes are made in one turn of the reactor at most; fewer where they take long.
    private static var slice: Int { 32 }
    /// How many blocks one follower gets before the others have their turn.
    private static var share: Int { 16 }
    /// How many blocks are kept while followers are served: most of those are at the same place.
    private static var memory: Int { 8 }

    private let reactor: EventLoop
    private let source: Source
    private let heartbeat: Heartbeat?
    private var followed: [Topic: Followed] = [:]
    private var beat: TimerToken?
    private var isClosed = false
    private let following = Atomic(0)

    /// Nobody follows yet.
    /// - Parameter heartbeat: What is sent where nothing happens; default nothing.
    init(reactor: EventLoop, source: Source, heartbeat: Heartbeat? = nil) {
        self.reactor = reactor
        self.source = source
        self.heartbeat = heartbeat
    }

    /// How many follow; from anywhere.
    var count: Int { following.load(ordering: .relaxed) }

    /// There may be more of topics. From anywhere; does not wait.
    func announce(_ topics: [Topic]) {
        reactor.perform { [self] in
            for topic in topics where followed[topic] != nil {
                followed[topic]?.wasAnnounced = true
                pump(topic)
            }
        }
    }

    /// Makes every topic be looked at. From anywhere.
    func announceAll() {
        reactor.perform { [self] in announce(Array(followed.keys)) }
    }

    /// Ends every stream where it is, and those that are begun later. From anywhere.
    func close() async { await Task(executorPreference: reactor) { await self.end() }.value }

    // MARK: On the reactor

    private func end() async {
        isClosed = true
        var ended = 0
        for follower in followed.values.flatMap(\.all) where follower.index != nil {
            follower.finish()
            ended += 1
            if endsTurn(after: ended) { await Task.yield() }
        }
    }

    func add(_ follower: Follower) {
        follower.index = followed[follower.topic]?.all.count ?? 0
        followed[follower.topic, default: Followed()].all.append(follower)
        following.add(1, ordering: .relaxed)
        guard !isClosed else { return follower.finish() }
        serve(follower)
        setHeartbeat()
    }

    func remove(_ follower: Follower) {
        guard let index = follower.index, let last = followed[follower.topic]?.all.popLast() else { return }
        if last !== follower {
            followed[follower.topic]?.all[index] = last
            last.index = index
        }
        follower.index = nil
        following.subtract(1, ordering: .relaxed)
        if let rest = followed[follower.topic], rest.all.isEmpty, !rest.isPumping { followed[follower.topic] = nil }
    }

    /// One follower may have something to read.
    func serve(_ follower: Follower) {
        followed[follower.topic]?.some.append(follower)
        pump(follower.topic)
    }

    private func pump(_ topic: Topic) {
        guard followed[topic]?.isPumping == false else { return }
        followed[topic]?.isPumping = true
        Task(executorPreference: reactor) { [self] in
            while let followers = takeWork(topic) {
                let began = reactor.clock.now()
                do {
                    try await serve(followers, of: topic)
                } catch {
                    source.failed(topic, error)
                    for follower in followers where follower.index != nil { follower.breakOff() }
                }
                // A topic with many followers that grows all the time takes a quarter of the time: what is new comes some
                // at a time then.
                try? await reactor.sleep(for: min(reactor.clock.now().since(began) * 3, Self.longestPause))
            }
        }
    }

    /// The followers to serve now; nil when there is nothing to do.
    private func takeWork(_ topic: Topic) -> [Follower]? {
        guard let work = followed[topic] else { return nil }
        let followers = work.wasAnnounced ? work.all : work.some
        followed[topic]?.wasAnnounced = false
        followed[topic]?.some = []
        if !followers.isEmpty { return followers }
        followed[topic]?.isPumping = false
        if work.all.isEmpty { followed[topic] = nil }
        return nil
    }

    /// Sends to each what it has not seen, and ends those whose stream is at its end.
    private func serve(_ followers: [Follower], of topic: Topic) async throws {
        let read = try await source.open(topic)
        var known: [Position: Block] = [:]
        var writes = 0
        for follower in followers {
            var blocks = 0
            reading: while follower.wantsMore {
                let block: Block
                if let same = known[follower.position] {
                    block = same
                } else {
                    block = try await read(follower.position)
                    if known.count >= Self.memory { known.removeAll() }
                    known[follower.position] = block
                    // It may have gone, or its client fallen behind, while the block was read.
                    guard follower.wantsMore else { break }
                }
                follower.write(block.bytes, upTo: block.end)
                writes += 1
                blocks += 1
                switch block.next {
                case .end: follower.finish()
                case .nothing: break reading
                case .more where blocks == Self.share:
                    followed[topic]?.some.append(follower)
                    break reading
                case .more: break
                }
                if endsTurn(after: writes) { await Task.yield() }
            }
            if endsTurn(after: writes) { await Task.yield() }
        }
    }

    /// Whether other requests come first after so many writes.
    private func endsTurn(after writes: Int) -> Bool { writes % Self.slice == 0 || reactor.isTurnLong }

    // MARK: Heartbeats

    private func setHeartbeat() {
        guard let heartbeat, beat == nil, count > 0 else { return }
        beat = reactor.schedule(after: heartbeat.every) { [self] in
            beat = nil
            setHeartbeat()
            Task(executorPreference: reactor) { [self] in
                var beats = 0
                for follower in followed.values.flatMap(\.all) where follower.index != nil {
                    follower.keepAlive(heartbeat.bytes)
                    beats += 1
                    if endsTurn(after: beats) { await Task.yield() }
                }
            }
        }
    }
}
