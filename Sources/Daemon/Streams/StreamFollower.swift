package import HTTP

/// A client that reads a stream which goes on: where it is in it, and the answer that it reads.
package final class StreamFollower<Topic: Hashable & Sendable, Position: Hashable & Sendable>: HeldAnswer,
    // @unchecked: touched on the reactor's thread alone.
    @unchecked Sendable
{
    let topic: Topic
    /// Where what it has not seen begins.
    private(set) var position: Position
    private let audience: StreamAudience<Topic, Position>
    private var exchange: HeldExchange?
    /// Whether there was more to write than its client has taken so far.
    private var isBehind = false
    /// Where it is among those of its topic; nil when it is not.
    var index: Int?

    /// A client that does not follow yet.
    init(of topic: Topic, from position: Position, among audience: StreamAudience<Topic, Position>) {
        self.topic = topic
        self.position = position
        self.audience = audience
    }

    /// Whether it is still there and its client keeps up. One that does not is served when there is room.
    var wantsMore: Bool {
        guard let exchange else { return false }
        if exchange.hasRoom { return true }
        isBehind = true
        return false
    }

    /// Sends what there is up to a position; no bytes move it on alone.
    func write(_ bytes: [UInt8], upTo position: Position) {
        self.position = position
        exchange?.write(bytes)
    }

    /// Sends what says nothing, to a client that keeps up: one that does not has enough to read.
    func keepAlive(_ bytes: [UInt8]) {
        guard let exchange, exchange.hasRoom else { return }
        exchange.write(bytes)
    }

    func finish() {
        let exchange = exchange
        release()
        exchange?.finish()
    }

    func breakOff() {
        let exchange = exchange
        release()
        exchange?.breakOff()
    }

    private func release() {
        exchange = nil
        audience.remove(self)
    }

    // MARK: HeldAnswer

    /// Follows from now on.
    package func begin(_ exchange: HeldExchange) {
        self.exchange = exchange
        audience.add(self)
    }

    /// Goes on where it had to wait for its client.
    package func roomAgain() {
        guard isBehind else { return }
        isBehind = false
        audience.serve(self)
    }

    /// Follows no longer.
    package func gone() { release() }
}
