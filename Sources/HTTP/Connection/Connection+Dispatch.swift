import HTTPTypes
import Reactor

extension Connection {
    /// Bodies up to this size are read and thrown away when their request is refused; beyond, the connection closes.
    private static let worthDiscarding = 1 << 20

    /// A head was read: finds what answers it. `moreBytes`: something follows the head already.
    func begin(_ head: RequestHead, moreBytes: Bool) {
        guard let storage = reader.storage else { return }
        storage.id = shard.nextID()
        storage.peer = peer
        // Also where the connection is idle again before anybody looks: it is the newest then.
        shard.becameBusy(self)
        current = Current(
            id: storage.id, method: storage.method, version: storage.version,
            isHead: storage.method == .head, began: shard.reactor.now)
        timers.beginRequest(shard.reactor.now)
        let refusal = refusal(storage, head)
        if shard.configuration.finished != nil { current.line = AnsweredRequest.Line(Request(storage)) }
        if let refusal { return refuse(head, refusal) }
        let next = machine.headEnded(hasBody: head.framing != .none, persistent: head.persistent)
        reader.beginBody(of: client)
        if head.expectsContinue, !moreBytes {
            sender.write(at: shard.reactor.now) { ResponseHead.append("HTTP/1.1 100 Continue\r\n\r\n", to: &$0) }
        }
        switch next {
        case .readBody: break
        case .handle: dispatch()
        }
    }

    /// Finds the route; the answer when the request is not for a handler.
    private func refusal(_ storage: RequestStorage, _ head: RequestHead) -> Response? {
        if case .length(let count) = head.framing, count > shard.configuration.limits.body {
            return problem(
                HTTPError(.bodyTooLarge, "a body has at most \(shard.configuration.limits.body) bytes"))
        }
        if let error = shard.origins.error(Request(storage)) { return problem(error) }
        switch shard.router.match(storage) {
        case .error(let error): return problem(error)
        case .options(let allow): return Response(.noContent, fields: [.allow: allow])
        case .route(let index):
            let route = shard.router.routes[index]
            current.route = route
            switch route.admits(Request(storage)) {
            case .admitted(let bearer, let principal):
                current.bearer = bearer
                current.principal = principal
            case .refused(let error): return problem(error)
            }
            if let range = storage.queryRange {
                do throws(HTTPError) {
                    storage.query = try Query.parse(storage.head[range])
                } catch {
                    return problem(error)
                }
            }
            if route.body.isChecked {
                let error = route.body.error(
                    Request(storage), announcesBody: head.announcesBody, framing: head.framing)
                if let error { return problem(error) }
            }
            return nil
        }
    }

    /// Who is counted for the present request.
    private var client: ClientKey {
        if current.bearer != nil, let name = current.principal { return .name(name) }
        return ClientKey(peer)
    }

    /// Answers without a handler, before the body came.
    private func refuse(_ head: RequestHead, _ response: Response) {
        let closes =
            switch head.framing {
            case .none: false
            case .length(let count): head.expectsContinue || count > Self.worthDiscarding
            case .chunked: head.expectsContinue
            }
        machine.headRefused(hasBody: head.framing != .none, persistent: head.persistent, closes: closes)
        reader.beginBody(of: client)
        answer(response)
    }

    /// An error as an answer, with its fields.
    func problem(_ error: HTTPError) -> Response {
        if current.path == nil, let storage = reader.storage, !storage.head.isEmpty {
            current.path = Request(storage).path
        }
        let context = ProblemContext(requestID: current.id, method: current.method, path: current.path)
        var response = shard.configuration.problem(error, context)
        for field in error.fields where response.fields[field.name] == nil { response.fields.append(field) }
        return response
    }

    /// Answers bytes that are not HTTP, or none that came in time.
    func answer(_ error: HTTPError) {
        if current.number == 0 {
            let id = shard.nextID()
            current = Current(id: id, began: shard.reactor.now)
        }
        answer(problem(error))
    }

    // MARK: Handlers

    /// Gives the request, which is whole, to its handler.
    func dispatch() {
        guard let storage = reader.storage, let route = current.route else { return }
        let request = Request(storage)
        switch route.handler {
        case .immediate(let handler):
            answerAtOnce(request, handler)
        case .immediateOrDeferred(let handler, let otherwise):
            if !answerAtOnce(request, handler) { startDeferred(request, otherwise) }
        case .async(let handler):
            start { connection, number in
                let response: Response
                do {
                    response = try await handler(request)
                } catch {
                    guard connection.isCurrent(number) else { return }
                    // Cancelled as the client is gone: there is nobody to answer.
                    if error is CancellationError, Task.isCancelled { return connection.giveUp() }
                    response = connection.response(to: error, request)
                }
                await connection.deliver(response, number)
            }
        case .deferred(let handler):
            startDeferred(request, handler)
        }
    }

    /// Gives the request to a plain function; false where that has no answer.
    @discardableResult
    private func answerAtOnce(_ request: Request, _ handler: (Request) throws -> Response?) -> Bool {
        let response: Response?
        do {
            response = try handler(request)
        } catch {
            response = self.response(to: error, request)
        }
        guard let response else { return false }
        answer(response)
        return true
    }

    private func startDeferred(
        _ request: Request, _ handler: @escaping @Sendable (Request) async throws -> HandlerResult
    ) {
        start { connection, number in
            let result: HandlerResult
            do {
                result = try await handler(request)
            } catch {
                guard connection.isCurrent(number) else { return }
                if error is CancellationError, Task.isCancelled { return connection.giveUp() }
                result = .now(connection.response(to: error, request))
            }
            switch result {
            case .now(let response): await connection.deliver(response, number)
            case .later(let held): connection.hold(held, number)
            }
        }
    }

    /// Runs `body` as the present request's task on the reactor, beginning at once.
    func start(_ body: @escaping @Sendable (Connection, UInt64) async -> Void) {
        let number = current.number
        let task = Task.immediate(executorPreference: shard.reactor) { await body(self, number) }
        guard isCurrent(number) else { return }
        if case .held = work { return }
        work = .task(task)
        // Told before the handler began, it would not be told again.
        if peerClosing, machine.peerClosing() == .cancelSoon { cancelSoon() }
    }

    /// Whether the request with this number is still the present one.
    func isCurrent(_ number: UInt64) -> Bool {
        shard.reactor.assertOnReactor()
        return !machine.isClosed && current.number == number && machine.isAnswering
    }

    /// An async handler's answer.
    private func deliver(_ response: Response, _ number: UInt64) async {
        guard isCurrent(number) else { return }
        if let stream = begin(response, tellsTime: true) {
            if case .held(let body) = stream {
                hold(body, number)
                return advance()
            }
            advance()
            await run(stream, number)
        } else {
            endAnswer()
            advance()
        }
    }

    private func response(to error: any Error, _ request: Request) -> Response {
        if let error = error as? any AnsweringError { return error.answer(to: request) }
        if let error = error as? HTTPError { return problem(error) }
        shard.configuration.log(
            .handlerFailed(id: request.id, method: request.method.rawValue, path: request.path, error: error))
        return problem(
            HTTPError(.internalError, "the server failed at this request; its operator finds it by the request id"))
    }
}
