package import HTTP
package import Jobs

/// A client that follows a job's log from an offset on.
// @unchecked: touched on the reactor's thread alone.
package final class LogFollower: HeldAnswer, @unchecked Sendable {
    let job: JobID
    /// Where what it has not seen begins.
    private(set) var offset: Int64
    private let logs: FollowedLogs
    private var exchange: HeldExchange?
    /// Whether there was more to write than its client has taken so far.
    private var isBehind = false
    /// Where it is among those of its job; nil when it is not.
    var index: Int?

    /// A client that does not follow yet.
    package init(job: JobID, offset: Int64, among logs: FollowedLogs) {
        self.job = job
        self.offset = offset
        self.logs = logs
    }

    /// Whether it is still there and its client keeps up. One that does not is served when there is room.
    var wantsMore: Bool {
        guard let exchange else { return false }
        if exchange.hasRoom { return true }
        isBehind = true
        return false
    }

    func write(_ bytes: [UInt8]) {
        offset += Int64(bytes.count)
        exchange?.write(bytes)
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
        logs.remove(self)
    }

    // MARK: HeldAnswer

    /// Follows from now on.
    package func begin(_ exchange: HeldExchange) {
        self.exchange = exchange
        logs.add(self)
    }

    /// Goes on where it had to wait for its client.
    package func roomAgain() {
        guard isBehind else { return }
        isBehind = false
        logs.serve(self)
    }

    /// Follows no longer.
    package func gone() { release() }
}
