import Reactor

extension Connection {
    /// How many bytes wait for the client.
    var unsent: Int { pending.count + (server.scratchOwner === self ? server.scratch.count : 0) }

    /// Writes bytes: to the server's one buffer while this connection has it, so that an idle connection keeps none.
    func append(_ write: (inout [UInt8]) -> Void) {
        if unsent == 0 { beginSendWindow() }
        if server.lendScratch(to: self) { write(&server.scratch) } else { pending.write(write) }
    }

    /// Writes the bytes of a body: many are not copied.
    func append(body bytes: [UInt8]) {
        guard bytes.count >= OutputQueue.large else { return append { $0.append(contentsOf: bytes) } }
        if unsent == 0 { beginSendWindow() }
        if server.scratchOwner === self {
            pending.write { $0.append(contentsOf: server.scratch) }
            server.takeBackScratch(from: self)
        }
        pending.append(bytes)
    }

    /// Begins to count how fast the client takes what waits for it.
    func beginSendWindow() {
        sendWindowBegan = server.reactor.now
        sentInWindow = 0
    }

    /// Sends what is written, as far as the kernel takes it.
    func flush() {
        if server.scratchOwner === self {
            let count = server.scratch.count
            let taken = send(server.scratch, from: 0)
            if taken < count, !machine.isClosed {
                pending.write { $0.append(contentsOf: server.scratch[taken...]) }
            }
            server.takeBackScratch(from: self)
        }
        while !machine.isClosed, let (bytes, start) = pending.next {
            let taken = send(bytes, from: start)
            if machine.isClosed { return }
            pending.drop(taken)
            if taken < bytes.count - start { return }
        }
    }

    /// How many of the bytes from `start` on the kernel took.
    private func send(_ bytes: [UInt8], from start: Int) -> Int {
        var index = start
        do throws(SystemError) {
            while index < bytes.count {
                guard case .bytes(let count) = try SystemCall.send(descriptor, bytes, from: index) else { break }
                index += count
                sentInWindow += count
            }
        } catch {
            perform(machine.broke())
        }
        return index - start
    }
}
