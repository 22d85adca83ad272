import HTTPTypes
import Reactor

extension Connection {
    /// Whether `takeInput` may find something to do.
    var canTakeInput: Bool {
        guard !reader.received.isEmpty else { return false }
        switch machine.intake {
        case .hold: return false
        case .head: return reader.received.mayHoldHead
        case .body, .discard, .drop: return true
        }
    }

    /// Uses bytes that were received before; false when they are of no use now.
    func takeInput() -> Bool {
        guard canTakeInput else { return false }
        // Moved out, so that nothing that a handler causes can change what is being read.
        let (bytes, start) = reader.received.moveOut()
        let used = parse(bytes.span.extracting(start..<bytes.count))
        if machine.isClosed { return false }
        reader.received.moveBack(bytes, used: start + used, isPartOfHead: machine.isInHead)
        return used > 0
    }

    /// Receives once and uses what came.
    func receive(atMost limit: Int) {
        // unsafe: as below.
        let room = UnsafeMutableRawBufferPointer(rebasing: shard.readBuffer.prefix(limit))
        do throws(SystemError) {
            switch try SystemCall.receive(descriptor, into: room, by: shard.calls) {
            case .bytes(let count):
                shard.readBudget.read(count)
                // A read that leaves room has emptied the socket (the next bytes are a new edge), unless the end follows.
                if count < room.count, !peerClosing { readable = false }
                // unsafe: the buffer lives as long as the server, and nothing receives into it meanwhile.
                take(UnsafeRawBufferPointer(rebasing: shard.readBuffer[..<count]))
            case .wouldBlock: readable = false
            case .end:
                readable = false
                inputEnded()
            }
        } catch {
            giveUp()
        }
    }

    private func inputEnded() {
        switch machine.inputEnded() {
        case .goOn: break
        case .answer(let error): answer(error)
        case .close: close()
        }
    }

    private func take(_ bytes: UnsafeRawBufferPointer) {
        guard machine.intake != .drop else { return }
        guard reader.received.isEmpty else { return reader.received.append(bytes) }
        shard.isReceiving = true
        let used = bytes.withMemoryRebound(to: UInt8.self) { buffer in
            // unsafe: the span does not outlive the buffer of the caller.
            parse(Span(_unsafeElements: buffer))
        }
        shard.isReceiving = false
        if used < bytes.count, !machine.isClosed {
            reader.received.append(
                UnsafeRawBufferPointer(rebasing: bytes[used...]), isPartOfHead: machine.isInHead)
        }
    }

    /// Reads requests from `bytes` until they end or must wait; how many were used.
    private func parse(_ bytes: Span<UInt8>) -> Int {
        var offset = 0
        while offset < bytes.count {
            switch machine.intake {
            case .head:
                let count = takeHead(bytes.extracting(offset..<bytes.count))
                guard count > 0 else { return offset }
                offset += count
            case .body, .discard: offset = takeBody(bytes, offset)
            case .hold: return offset
            case .drop: return bytes.count
            }
            if sender.unsent >= shard.sendAt { flush() }
            if sender.unsent > shard.configuration.limits.unsent { return offset }
        }
        return offset
    }

    /// Reads a head; how many bytes it had, 0 when more are needed.
    private func takeHead(_ bytes: Span<UInt8>) -> Int {
        do throws(HTTPError) {
            guard let head = try reader.readHead(bytes) else {
                if machine.isIdle { timers.begin(shard.reactor.now) }
                machine.headBegan()
                return 0
            }
            begin(head, moreBytes: head.byteCount < bytes.count)
            return head.byteCount
        } catch {
            failed(error)
            return bytes.count
        }
    }

    /// Reads a part of a body; the index after it.
    private func takeBody(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        // A route that has no use for a body gets none: its bytes are read and dropped.
        let keeps = machine.intake == .body && current.route?.body != .ignored
        do throws(HTTPError) {
            let part = try reader.readBody(bytes, from: start, keeps: keeps)
            if part.isLast, machine.bodyEnded() == .handle { dispatch() }
            return part.next
        } catch {
            failed(error)
            return bytes.count
        }
    }

    /// Answers bytes that are not HTTP.
    private func failed(_ error: HTTPError) {
        if case .answer(let error) = machine.failed(error) { answer(error) }
    }
}
