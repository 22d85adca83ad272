import HTTPTypes
import Reactor

extension Connection {
    /// Bodies up to this size are read and thrown away when their request is refused; beyond, the connection closes.
    private static let worthDiscarding = 1 << 20

    /// A head was read: finds what answers it. `moreBytes`: something follows the head already.
    func begin(moreBytes: Bool) {
        guard let storage else { return }
        storage.id = server.nextID()
        storage.peer = peer
        served = true
        // Also where the connection is idle again before anybody looks: it is the newest then.
        server.becameBusy(self)
        current = Current(
            id: storage.id, number: storage.id.number, method: storage.method, version: storage.version,
            isHead: storage.method == .head, began: server.reactor.now)
        phaseBegan = server.reactor.now
        if let refusal = refusal(storage) {
            refuse(refusal)
            return
        }
        let step = machine.headEnded(hasBody: head.framing != .none, persistent: head.persistent)
        startBody()
        if head.expectsContinue, !moreBytes {
            append { ResponseHead.append("HTTP/1.1 100 Continue\r\n\r\n", to: &$0) }
        }
        perform(step)
    }

    private func startBody() {
        bodyReceived = 0
        switch head.framing {
        case .none: body = .none
        case .length(let count):
            body = .length(remaining: count)
            storage?.body.reserveCapacity(min(count, 64 << 10))
        case .chunked: body = .chunked(ChunkedDecoder(limits: server.configuration.limits))
        }
    }

    /// Finds the route; the answer when the request is not for a handler.
    private func refusal(_ storage: RequestStorage) -> Response? {
        if case .length(let count) = head.framing, count > server.configuration.limits.body {
            return problem(
                HTTPError(.bodyTooLarge, "a body has at most \(server.configuration.limits.body) bytes"))
        }
        if let fault = originFault(storage) { return problem(fault) }
        switch server.router.match(storage) {
        case .fault(let fault): return problem(fault)
        case .options(let allow): return Response(.noContent, fields: [.allow: allow])
        case .route(let index):
            route = index
            let route = server.router.routes[index]
            current.template = route.template
            if case .notBuilt = route.handler {
                return problem(HTTPError(.notImplemented, "this part is not built yet"))
            }
            if let range = storage.queryRange {
                do throws(HTTPError) {
                    storage.query = try Query.parse(storage.head[range])
                } catch {
                    return problem(error)
                }
            }
            if route.body.isChecked {
                let fault = route.body.fault(
                    Request(storage), announcesBody: head.announcesBody, framing: head.framing)
                if let fault { return problem(fault) }
            }
            return nil
        }
    }

    /// Answers without a handler, before the body came.
    private func refuse(_ response: Response) {
        let closes =
            switch head.framing {
            case .none: false
            case .length(let count): head.expectsContinue || count > Self.worthDiscarding
            case .chunked: head.expectsContinue
            }
        machine.headRefused(hasBody: head.framing != .none, persistent: head.persistent, closes: closes)
        startBody()
        answer(response)
    }

    /// A fault as an answer, with its fields.
    func problem(_ fault: HTTPError) -> Response {
        if current.path == nil, let storage, !storage.head.isEmpty { current.path = Request(storage).path }
        let context = ProblemContext(requestID: current.id, method: current.method, path: current.path)
        var response = server.configuration.problem(fault, context)
        for field in fault.fields where response.fields[field.name] == nil { response.fields.append(field) }
        return response
    }

    /// Answers bytes that are not HTTP, or none that came in time.
    func answerFault(_ fault: HTTPError) {
        if current.number == 0 {
            let id = server.nextID()
            current = Current(id: id, number: id.number, began: server.reactor.now)
        }
        answer(problem(fault))
    }

    // MARK: Handlers

    /// Gives the request, which is whole, to its handler.
    func dispatch() {
        guard let storage else { return }
        let request = Request(storage)
        switch server.router.routes[route].handler {
        case .immediate(let handler):
            let response: Response
            do {
                response = try handler(request)
            } catch {
                response = self.response(to: error, request)
            }
            answer(response)
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
        case .notBuilt: preconditionFailure("a route that is not built is refused at its head")
        }
    }

    /// Runs `body` as the present request's task on the reactor, beginning at once.
    func start(_ body: @escaping @Sendable (Connection, UInt64) async -> Void) {
        let number = current.number
        let task = Task.immediate(executorPreference: server.reactor) { await body(self, number) }
        guard isCurrent(number), held == nil else { return }
        self.task = task
        // Told before the handler began, it would not be told again.
        if peerClosing { perform(machine.peerClosing()) }
    }

    /// Whether the request with this number is still the present one.
    func isCurrent(_ number: UInt64) -> Bool {
        server.reactor.assertOnReactor()
        return !machine.isClosed && current.number == number && machine.phase == .answering
    }

    /// An async handler's answer.
    private func deliver(_ response: Response, _ number: UInt64) async {
        guard isCurrent(number) else { return }
        if let stream = begin(response) {
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

    /// Breaks the connection off: its answer cannot be completed.
    func giveUp() { perform(machine.broke()) }

    private func response(to error: any Error, _ request: Request) -> Response {
        if let error = error as? any AnsweringError { return error.answer(to: request) }
        if let fault = error as? HTTPError { return problem(fault) }
        server.configuration.log(
            .handlerFailed(id: request.id, method: request.method.rawValue, path: request.path, error: error))
        return problem(
            HTTPError(.internalError, "the server failed at this request; its operator finds it by the request id"))
    }
}
