import Glibc
package import Reactor
import Synchronization

/// Socket calls of which the first ones go as a script says; those after it go as they always do.
package final class ScriptedCalls: Sendable {
    /// How one call goes.
    package enum Step: Sendable {
        /// It fails with this `errno`.
        case fail(CInt)
        /// It moves at most so many bytes; for accept, it goes as always.
        case atMost(Int)
    }

    private let receives: Mutex<ArraySlice<Step>>
    private let sends: Mutex<ArraySlice<Step>>
    private let accepts: Mutex<ArraySlice<Step>>
    private let base: SocketCalls

    /// A script for each call. Default: none, and after it the kernel.
    package init(
        receive: [Step] = [], send: [Step] = [], accept: [Step] = [], otherwise base: SocketCalls = .kernel
    ) {
        receives = Mutex(receive[...])
        sends = Mutex(send[...])
        accepts = Mutex(accept[...])
        self.base = base
    }

    /// How many steps of the scripts were not taken yet.
    package var left: Int {
        receives.withLock { $0.count } + sends.withLock { $0.count } + accepts.withLock { $0.count }
    }

    /// The calls.
    package var calls: SocketCalls {
        SocketCalls(
            receive: { [self] descriptor, buffer in
                play(receives, buffer.count) { base.receive(descriptor, .init(rebasing: buffer[..<$0])) }
            },
            send: { [self] descriptor, buffer in
                play(sends, buffer.count) { base.send(descriptor, .init(rebasing: buffer[..<$0])) }
            },
            accept: { [self] listener, address, length in
                play(accepts, 0) { _ in base.accept(listener, address, length) }
            })
    }

    private func play(_ script: borrowing Mutex<ArraySlice<Step>>, _ count: Int, _ call: (Int) -> Int) -> Int {
        switch script.withLock({ $0.popFirst() }) {
        case nil: return call(count)
        case .atMost(let most): return call(min(most, count))
        case .fail(let code):
            errno = code
            return -1
        }
    }
}
