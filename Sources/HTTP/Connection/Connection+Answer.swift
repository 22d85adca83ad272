import HTTPTypes
import Reactor

extension Connection {
    /// The part of an answer that takes time.
    enum Stream: Sendable {
        case file(FileBody)
        case producer(@Sendable (ResponseWriter) async throws -> Void)
        case held(any HeldAnswer)
    }

    /// Writes a whole answer; one that takes time goes on in a task.
    func answer(_ response: Response) {
        guard let stream = begin(response) else { return endAnswer() }
        if case .held(let body) = stream { return hold(body, current.number) }
        start { connection, number in await connection.run(stream, number) }
    }

    /// Writes the head, and the body if it is there; otherwise returns what has to run.
    /// - Parameter tellsTime: whether the head says how long it took. Default not: it was at once.
    func begin(_ response: Response, tellsTime: Bool = false) -> Stream? {
        let context = ResponseHead.Context(
            fixed: shard.fixedFields(), version: current.version, isHead: current.isHead,
            closes: machine.closesAfterAnswer, requestID: current.id,
            duration: tellsTime ? shard.reactor.clock.now().since(current.began) : nil)
        sender.write(at: shard.reactor.now) { output in
            current.framing = ResponseHead.write(response, context, to: &output)
        }
        current.status = response.status.code
        if case .length = current.framing, case .bytes(let bytes) = response.body {
            current.bodyBytes = bytes.count
            sender.write(bytes, at: shard.reactor.now)
        }
        if let observe = shard.configuration.observe {
            observe(
                Exchange(
                    id: current.id, method: current.method, template: current.route?.template, status: response.status,
                    duration: shard.reactor.clock.now().since(current.began)))
        }
        if current.framing == .none { return nil }
        switch response.body {
        case .none, .bytes: return nil
        case .file(let file): return .file(file)
        case .stream(_, let produce): return .producer(produce)
        case .held(let body): return .held(body)
        }
    }

    /// The answer is written.
    func endAnswer() {
        work = .none
        tellFinished(isWhole: true)
        timers.keepHandler(on: shard.reactor)
        reader.answered()
        if current.framing == .untilClose { machine.answerEndsConnection() }
        current = Current()
        machine.answered()
        timers.begin(shard.reactor.now)
    }

    /// Tells the access log, where there is one, of the present request.
    func tellFinished(isWhole: Bool) {
        guard let finished = shard.configuration.finished else { return }
        finished(
            AnsweredRequest(
                id: current.id, peer: peer, principal: current.principal, method: current.method,
                template: current.route?.template, line: current.line, status: current.status,
                bodyBytes: current.bodyBytes,
                duration: shard.reactor.clock.now().since(current.began), isWhole: isWhole))
    }

    // MARK: Bodies that take time

    /// Writes a streaming body to its end. Broken off, the client sees that it is not whole.
    func run(_ stream: Stream, _ number: UInt64) async {
        let writer = ResponseWriter(connection: self, exchange: number)
        do {
            switch stream {
            case .file(let file):
                try await FileReader.send(file, to: writer, with: shard.configuration.files ?? FileReader.threads)
            case .producer(let produce): try await produce(writer)
            case .held(let body): return hold(body, number)
            }
        } catch {
            guard isCurrent(number) else { return }
            if !(error is CancellationError) {
                shard.configuration.log(.streamFailed(id: current.id, path: current.path ?? "", error: error))
            }
            flush()
            return giveUp()
        }
        guard isCurrent(number) else { return }
        finishStream()
        advance()
    }

    func finishStream() {
        switch current.framing {
        case .chunked:
            sender.write(at: shard.reactor.now) { output in
                ResponseHead.append("0\r\n", to: &output)
                for field in current.trailers ?? [:] {
                    output.append(contentsOf: "\(field.name.rawName): \(field.value)\r\n".utf8)
                }
                ResponseHead.append("\r\n", to: &output)
            }
        case .length(let missing) where missing > 0:
            flush()
            return giveUp()
        case .length, .none, .untilClose: break
        }
        endAnswer()
    }

    /// `ResponseWriter.write`.
    func write(_ bytes: [UInt8], exchange: UInt64) async throws(ResponseWriterError) {
        guard !bytes.isEmpty else { return }
        let result = await withCheckedContinuation { continuation in
            shard.reactor.perform { self.write(bytes, exchange, continuation) }
        }
        try result.get()
    }

    private func write(
        _ bytes: [UInt8], _ exchange: UInt64, _ continuation: Sender.Writer
    ) {
        guard isCurrent(exchange) else { return continuation.resume(returning: .failure(.connectionClosed)) }
        guard appendToBody(bytes) else { return continuation.resume(returning: .failure(.tooMuch)) }
        flush()
        guard !machine.isClosed else { return continuation.resume(returning: .failure(.connectionClosed)) }
        sender.wait(continuation)
        armDeadline()
    }

    /// Writes a part of a body in its framing; false when it has no room for that much.
    func appendToBody(_ bytes: [UInt8]) -> Bool {
        let now = shard.reactor.now
        switch current.framing {
        case .length(let remaining):
            guard bytes.count <= remaining else { return false }
            current.bodyBytes += bytes.count
            current.framing = .length(remaining - Int64(bytes.count))
            sender.write(bytes, at: now)
        case .chunked:
            current.bodyBytes += bytes.count
            sender.write(at: now) { ResponseHead.chunkSize(bytes.count, to: &$0) }
            sender.write(bytes, at: now)
            sender.write(at: now) { ResponseHead.append("\r\n", to: &$0) }
        case .untilClose:
            current.bodyBytes += bytes.count
            sender.write(bytes, at: now)
        case .none: return false
        }
        return true
    }

    /// Lets a stream go on when there is room again.
    func resumeWriter() {
        guard sender.hasRoom else { return }
        if case .held(let answer) = work { answer.roomAgain() }
        sender.resumeWriter()
    }

    /// `ResponseWriter.setTrailers`.
    func setTrailers(_ fields: HTTPFields, exchange: UInt64) async {
        await withCheckedContinuation { continuation in
            shard.reactor.perform {
                if self.isCurrent(exchange) { self.current.trailers = fields }
                continuation.resume()
            }
        }
    }
}
