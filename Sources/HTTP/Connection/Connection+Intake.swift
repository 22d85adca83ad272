import HTTPTypes
import Reactor

extension Connection {
    /// Whether `takeInput` may find something to do.
    var canTakeInput: Bool { !input.isEmpty && machine.intake != .hold && worthParsing }

    /// Forgets what was received and not used.
    func dropInput() {
        input = []
        inputUsed = 0
        inputTried = 0
    }

    /// A head that came in small pieces is looked at again when a line ended or many bytes came, so that the work stays
    /// linear.
    private var worthParsing: Bool {
        guard machine.intake == .head, inputTried > 0 else { return true }
        return input.count - inputTried >= 4_096 || input[inputTried...].contains(0x0a)
    }

    /// Uses bytes that were received before; false when they are of no use now.
    func takeInput() -> Bool {
        guard canTakeInput else { return false }
        // Moved out, so that nothing that a handler causes can change what is being read.
        var bytes: [UInt8] = []
        swap(&bytes, &input)
        let start = inputUsed
        let used = parse(bytes.span.extracting(start..<bytes.count))
        if machine.isClosed { return false }
        inputUsed = start + used
        inputTried = 0
        if inputUsed < bytes.count {
            input = bytes
            if machine.phase == .head { inputTried = bytes.count }
        } else {
            inputUsed = 0
        }
        return used > 0
    }

    /// Receives once and uses what came.
    func receive(atMost limit: Int) {
        // unsafe: as below.
        let room = UnsafeMutableRawBufferPointer(rebasing: server.readBuffer.prefix(limit))
        do throws(SystemError) {
            switch try SystemCall.receive(descriptor, into: room) {
            case .bytes(let count):
                server.readBudget.read(count)
                // A read that leaves room has emptied the socket (the next bytes are a new edge), unless the end follows.
                if count < room.count, !peerClosing { readable = false }
                // unsafe: the buffer lives as long as the server, and nothing receives into it meanwhile.
                take(UnsafeRawBufferPointer(rebasing: server.readBuffer[..<count]))
            case .wouldBlock: readable = false
            case .end:
                readable = false
                perform(machine.inputEnded())
            }
        } catch {
            perform(machine.broke())
        }
    }

    private func take(_ bytes: UnsafeRawBufferPointer) {
        guard machine.intake != .drop else { return }
        guard input.isEmpty else {
            // What is used is moved away before the array would have to grow: each byte is moved once or twice at most.
            if inputUsed > 0, 2 * inputUsed >= input.count {
                input.removeFirst(inputUsed)
                inputTried = max(0, inputTried - inputUsed)
                inputUsed = 0
            }
            return input.append(contentsOf: bytes)
        }
        server.isReceiving = true
        let used = bytes.withMemoryRebound(to: UInt8.self) { buffer in
            // unsafe: the span does not outlive the buffer of the caller.
            parse(Span(_unsafeElements: buffer))
        }
        server.isReceiving = false
        if used < bytes.count, !machine.isClosed {
            input.append(contentsOf: bytes[used...])
            inputTried = machine.phase == .head ? input.count : 0
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
            if unsent >= server.sendAt { flush() }
            if unsent > server.configuration.limits.unsent { return offset }
        }
        return offset
    }

    /// Reads a head; how many bytes it had, 0 when more are needed.
    private func takeHead(_ bytes: Span<UInt8>) -> Int {
        if storageIsDone { releaseStorage() }
        let storage = storage ?? server.takeStorage()
        self.storage = storage
        do throws(HTTPError) {
            guard let head = try server.parser.parse(bytes, into: storage) else {
                if machine.phase == .idle { phaseBegan = server.reactor.now }
                machine.headBegan()
                return 0
            }
            self.head = head
            begin(moreBytes: head.byteCount < bytes.count)
            return head.byteCount
        } catch {
            fault(error)
            return bytes.count
        }
    }

    /// Reads a part of a body; the index after it.
    private func takeBody(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        // A route that has no use for a body gets none: its bytes are read and dropped.
        let keeps = machine.intake == .body && server.router.routes[route].body != .ignored
        var index = start
        var ended = false
        switch body {
        case .none: ended = true
        case .length(let remaining):
            let count = min(remaining, bytes.count - start)
            if keeps { keep(bytes.extracting(start..<(start + count))) }
            index += count
            ended = count == remaining
            body = .length(remaining: remaining - count)
        case .chunked(var decoder):
            // Out of the connection meanwhile, so that its buffers are not copied.
            body = .none
            do throws(HTTPError) {
                index = try decoder.decode(bytes, from: start) { if keeps { keep($0) } }
            } catch {
                fault(error)
                return bytes.count
            }
            ended = decoder.isComplete
            if ended, keeps { storage?.trailers = decoder.trailers }
            body = .chunked(decoder)
        }
        bodyReceived += index - start
        if keeps, server.bodyBytes > server.configuration.limits.bodiesTogether {
            fault(HTTPError(.overloaded, "too many bodies are being read", fields: [.retryAfter: "1"]))
            return bytes.count
        }
        if ended {
            body = .none
            perform(machine.bodyEnded())
        }
        return index
    }

    /// After so many bytes of a body its announced length is believed.
    private static let trusted = 1 << 20

    private func keep(_ bytes: Span<UInt8>) {
        // unsafe: the bytes are copied while they live.
        bytes.withUnsafeBufferPointer { storage?.body.append(contentsOf: $0) }
        if case .length(let whole) = head.framing, bodyBytes < Self.trusted, bodyBytes + bytes.count >= Self.trusted {
            // Who has sent so much will send the rest: room for all of it spares copies of what is there. The kernel
            // gives the memory page by page as it is written.
            storage?.body.reserveCapacity(whole)
        }
        bodyBytes += bytes.count
        server.keptBodyBytes(bytes.count)
    }

    /// Answers bytes that are not HTTP.
    private func fault(_ fault: HTTPError) {
        body = .none
        perform(machine.faulted(fault))
    }
}
