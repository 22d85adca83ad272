import Reactor

extension Connection {
    /// How many bytes wait for the client.
    var unsent: Int { pending.count - sent + (server.scratchOwner === self ? server.scratch.count : 0) }

    /// Writes bytes: to the server's one buffer while this connection has it, so that an idle connection keeps none.
    func append(_ write: (inout [UInt8]) -> Void) {
        if unsent == 0 { sendProgress = server.reactor.now }
        if server.lendScratch(to: self) { write(&server.scratch) } else { write(&pending) }
    }

    /// Sends what is written, as far as the kernel takes it.
    func flush() {
        if server.scratchOwner === self {
            if !pending.isEmpty {
                pending.append(contentsOf: server.scratch)
            } else {
                let count = server.scratch.count
                let taken = send(server.scratch, from: 0)
                if taken < count, !machine.isClosed { pending.append(contentsOf: server.scratch[taken...]) }
            }
            server.takeBackScratch(from: self)
        }
        guard !pending.isEmpty, !machine.isClosed else { return }
        sent += send(pending, from: sent)
        if machine.isClosed { return }
        if sent == pending.count {
            pending = []
            sent = 0
        } else if sent > 1 << 20 {
            pending.removeSubrange(..<sent)
            sent = 0
        }
    }

    /// How many of the bytes from `start` on the kernel took.
    private func send(_ bytes: [UInt8], from start: Int) -> Int {
        var index = start
        do throws(SystemError) {
            while index < bytes.count {
                guard case .bytes(let count) = try SystemCall.send(descriptor, bytes, from: index) else { break }
                index += count
                sendProgress = server.reactor.now
            }
        } catch {
            perform(machine.broke())
        }
        return index - start
    }
}
