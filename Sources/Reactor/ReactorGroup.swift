import Synchronization

/// Reactors that live together, each on a thread of its own.
package final class ReactorGroup: Sendable {
    private final class Member: Sendable {
        let reactor: EventLoop
        private let thread: Mutex<ReactorThread?>

        init(clock: any ReactorClock, name: String) throws(SystemError) {
            reactor = try EventLoop(clock: clock)
            thread = Mutex(try reactor.start(name: name))
        }

        func join() {
            reactor.stop()
            if let thread = thread.withLock({ $0.take() }) { thread.join() }
        }
    }

    private let members: [Member]

    /// Reactors that run from now on.
    /// - Parameters:
    ///   - count: how many; at least one is made.
    ///   - clock: where their time comes from. Default: the kernel's monotonic clock.
    /// - Throws: `SystemError` where the kernel gives no more descriptors or threads; none runs then.
    package init(_ count: Int, clock: any ReactorClock = SystemClock()) throws(SystemError) {
        var members: [Member] = []
        do throws(SystemError) {
            for index in 0..<max(1, count) {
                members.append(try Member(clock: clock, name: index == 0 ? "reactor" : "reactor \(index)"))
            }
        } catch {
            for member in members { member.join() }
            throw error
        }
        self.members = members
    }

    /// The reactors, in the order in which they were made.
    package var reactors: [EventLoop] { members.map(\.reactor) }

    /// The first one: there is always one.
    // At least one member is made.
    package var first: EventLoop { members[0].reactor }

    /// Stops all of them and waits for their threads. Not from one of these; once.
    package func stop() {
        for member in members { member.reactor.stop() }
        for member in members { member.join() }
    }
}
