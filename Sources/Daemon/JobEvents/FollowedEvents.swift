import API
import Formats
package import Jobs
package import Reactor
package import Store

/// What a client follows the events of.
package enum EventTopic: Hashable, Sendable {
    /// Every job.
    case all
    /// One job.
    case job(JobID)
}

/// A client that follows events from a number on.
package typealias EventFollower = StreamFollower<EventTopic, Int>

extension StreamFollower<EventTopic, Int> {
    /// A client that does not follow yet.
    /// - Parameter seq: The number after which its events come.
    package convenience init(of topic: EventTopic, after seq: Int, among events: FollowedEvents) {
        self.init(of: topic, from: seq, among: events.audience)
    }
}

/// The clients that follow events on one reactor, as streams of server-sent events. Every commit is announced; what is new is
/// read once for all who follow, and whoever fell behind reads on from the store.
package final class FollowedEvents: Sendable {
    /// How often a comment is sent where nothing happens.
    package static let heartbeat = Duration.seconds(15)
    /// Events that are read at once.
    package static let block = 256
    /// Events whose text is made on the reactor's thread; that of more takes too long.
    private static let few = 8

    let audience: StreamAudience<EventTopic, Int>

    /// Nobody follows yet.
    /// - Parameter failed: Told when events can't be read.
    package init(
        reactor: EventLoop, store: JobStore, failed: @escaping @Sendable (EventTopic, any Error) -> Void
    ) {
        audience = StreamAudience(
            reactor: reactor,
            source: .init(
                open: { topic in { seq in try await Self.read(topic, after: seq, in: store) } }, failed: failed),
            heartbeat: .init(every: Self.heartbeat, bytes: ServerSentEvent.comment))
    }

    /// How many follow; from anywhere.
    package var count: Int { audience.count }

    /// Ends every stream where it is: clients go on elsewhere with the number that they saw last. From anywhere.
    package func close() async { await audience.close() }

    /// A commit has events of these jobs. From anywhere; does not wait.
    package func announce(_ jobs: Set<JobID>) { audience.announce([.all] + jobs.map { .job($0) }) }

    private static func read(
        _ topic: EventTopic, after seq: Int, in store: JobStore
    ) async throws -> StreamAudience<EventTopic, Int>.Block {
        switch topic {
        case .all:
            let page = try await store.events(after: seq, limit: block)
            return .init(bytes: try await text(of: page), end: page.last, next: page.next == nil ? .nothing : .more)
        case .job(let id):
            let found = try await store.jobEvents(of: id, after: seq, limit: block)
            let page = found.page
            let bytes = try await text(of: page)
            guard page.next == nil else { return .init(bytes: bytes, end: page.last, next: .more) }
            // A job that was deleted had ended; what it was is not known any more.
            guard let job = found.job else { return .init(bytes: bytes, end: page.last, next: .end) }
            guard job.state.isFinal else { return .init(bytes: bytes, end: page.last, next: .nothing) }
            return .init(
                bytes: bytes + ServerSentEvent(event: StreamEndView.event, data: StreamEndView(job).wire.text).bytes,
                end: page.last, next: .end)
        }
    }

    private static func text(of page: EventPage) async throws -> [UInt8] {
        guard page.events.count > few else { return try textNow(of: page) }
        return try await DiskWork.run { try textNow(of: page) }
    }

    private static func textNow(of page: EventPage) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for event in page.events {
            bytes += ServerSentEvent(id: "\(event.seq)", event: event.type, data: try EventView(event).wire.text).bytes
        }
        return bytes
    }
}
