import HTTP
import TestSupport
import Testing

/// The life of a connection without a connection: each row is what happens and what must come of it.
@Suite struct ConnectionMachineTests {
    private enum Event {
        case partOfHead
        case head(body: Bool, persistent: Bool)
        case refusedHead(body: Bool, closes: Bool)
        case bodyEnd, answered, lastAnswered, drained, peerClosing, inputEnd, drain, broke
        case deadline(unsent: Bool)
        case wrong
    }

    /// What is seen of a machine's phase.
    private struct State: Equatable {
        var intake: ConnectionMachine.Intake
        var limit: ConnectionMachine.TimeLimit?
        var isClosed = false

        static let idle = State(intake: .head, limit: .request)
        static let head = State(intake: .head, limit: .head)
        static let body = State(intake: .body, limit: .body)
        static let answering = State(intake: .hold)
        static let discarding = State(intake: .discard, limit: .body)
        static let sendingTheLast = State(intake: .hold, limit: .send)
        static let lingering = State(intake: .drop, limit: .linger)
        static let closed = State(intake: .hold, isClosed: true)
    }

    private static let error = HTTPError(.badFraming, "x")
    private static let timeout = HTTPError(.timeout, "the request did not come in time")

    /// The actions as they are written, those of inputs that ask for nothing left out.
    private func play(_ events: [Event]) -> ([String], State) {
        var machine = ConnectionMachine()
        var actions: [String] = []
        for event in events {
            switch event {
            case .partOfHead: machine.headBegan()
            case .head(let body, let persistent):
                actions.append("\(machine.headEnded(hasBody: body, persistent: persistent))")
            case .refusedHead(let body, let closes):
                machine.headRefused(hasBody: body, persistent: true, closes: closes)
            case .bodyEnd: actions.append("\(machine.bodyEnded())")
            case .answered: machine.answered()
            case .lastAnswered:
                machine.answerEndsConnection()
                machine.answered()
            case .drained: actions.append("\(machine.outputDrained())")
            case .peerClosing: actions.append("\(machine.peerClosing())")
            case .inputEnd: actions.append("\(machine.inputEnded())")
            case .drain: machine.drain()
            case .broke: actions.append("\(machine.broke())")
            case .deadline(let unsent): actions.append("\(machine.deadlinePassed(unsent: unsent))")
            case .wrong: actions.append("\(machine.failed(Self.error))")
            }
        }
        let state = State(intake: machine.intake, limit: machine.timeLimit, isClosed: machine.isClosed)
        return (actions, state)
    }

    private static let rows: [(String, [Event], [String], State)] = [
        ("a part of a head", [.partOfHead], [], .head),
        (
            "a request, then idle", [.head(body: false, persistent: true), .answered, .drained], ["handle", "goOn"],
            .idle
        ),
        ("a body is read", [.partOfHead, .head(body: true, persistent: true)], ["readBody"], .body),
        (
            "a body, then idle", [.head(body: true, persistent: true), .bodyEnd, .answered], ["readBody", "handle"],
            .idle
        ),
        (
            "Connection: close lingers", [.head(body: false, persistent: false), .answered, .drained, .inputEnd],
            ["handle", "linger", "close"], .closed
        ),
        (
            "lingering has an end",
            [.head(body: false, persistent: false), .answered, .drained, .deadline(unsent: false)],
            ["handle", "linger", "close"], .closed
        ),
        (
            "an answer that ends with the connection lingers",
            [.head(body: false, persistent: true), .lastAnswered, .drained], ["handle", "linger"], .lingering
        ),
        ("refused, body thrown away", [.refusedHead(body: true, closes: false), .answered], [], .discarding),
        (
            "refused, then idle", [.refusedHead(body: true, closes: false), .answered, .bodyEnd], ["goOn"],
            .idle
        ),
        (
            "refused, body not worth it", [.refusedHead(body: true, closes: true), .answered, .drained], ["linger"],
            .lingering
        ),
        (
            "nonsense is answered and lingers", [.wrong, .answered, .drained], ["answer(\(error))", "linger"],
            .lingering
        ),
        (
            "nonsense after an answer is not answered",
            [.refusedHead(body: true, closes: false), .answered, .wrong, .drained],
            ["goOn", "linger"], .lingering
        ),
        ("the end between requests", [.inputEnd, .drained], ["goOn", "close"], .closed),
        (
            "the end while a body is thrown away",
            [.refusedHead(body: true, closes: false), .answered, .inputEnd], ["goOn"], .sendingTheLast
        ),
        (
            "a client that closes its side", [.head(body: false, persistent: true), .peerClosing],
            ["handle", "cancelSoon"], .answering
        ),
        ("a client that closes its side and asks nothing", [.peerClosing], ["goOn"], .idle),
        (
            "no head in time", [.partOfHead, .deadline(unsent: false), .answered, .drained],
            ["answer(\(timeout))", "linger"], .lingering
        ),
        (
            "no body in time", [.head(body: true, persistent: true), .deadline(unsent: false)],
            ["readBody", "answer(\(timeout))"], .answering
        ),
        ("no request in time", [.deadline(unsent: false)], ["close"], .closed),
        (
            "a reader may not take its time", [.head(body: false, persistent: true), .deadline(unsent: true)],
            ["handle", "close"], .closed
        ),
        ("a drain of an idle one", [.drain, .drained], ["close"], .closed),
        (
            "a drain within a request", [.head(body: false, persistent: true), .drain, .answered, .drained],
            ["handle", "linger"], .lingering
        ),
        (
            "a drain while a body is thrown away",
            [.refusedHead(body: true, closes: false), .answered, .drain, .bodyEnd, .drained],
            ["goOn", "linger"], .lingering
        ),
        ("broken twice", [.broke, .broke], ["close", "goOn"], .closed),
    ]

    @Test(arguments: rows.indices)
    func goesAsItMust(row: Int) {
        let (name, events, actions, state) = Self.rows[row]
        let result = play(events)
        #expect(result.0 == actions, "\(name)")
        #expect(result.1 == state, "\(name)")
    }

    @Test func theEndWithinARequestIsRefused() {
        let end = HTTPError(.malformedRequest, "the connection was closed in the middle of a request")
        for events in [[Event.partOfHead, .inputEnd], [.head(body: true, persistent: true), .inputEnd]] {
            // The client reads to its end: nothing lingers.
            let (actions, state) = play(events + [.answered])
            #expect(actions.last == "answer(\(end))")
            #expect(state == .sendingTheLast)
        }
    }

    @Test func whatCannotHappenTraps() async {
        await #expect(processExitsWith: .failure) {
            var machine = ConnectionMachine()
            _ = machine.bodyEnded()
        }
        await #expect(processExitsWith: .failure) {
            var machine = ConnectionMachine()
            machine.answered()
        }
        await #expect(processExitsWith: .failure) {
            var machine = ConnectionMachine()
            _ = machine.headEnded(hasBody: false, persistent: true)
            _ = machine.inputEnded()
        }
    }

    /// Whatever a client does, in an order in which it can do it, the machine goes on, and every connection ends.
    @Test(arguments: [1, 2, 3, 0xc0de] as [UInt64]) func everyOrderEnds(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for life in 0..<500 {
            var machine = ConnectionMachine()
            var events = 0
            while !machine.isClosed, events < 200 {
                events += 1
                // Answers are written at once here, so that what is under way is never a handler's for long.
                func answer() {
                    if random.below(4) == 0 { machine.drain() }
                    if random.below(8) == 0 { machine.answerEndsConnection() }
                    machine.answered()
                }
                switch (machine.intake, random.below(5)) {
                case (.hold, _):
                    if machine.isAnswering { answer() } else { _ = machine.outputDrained() }
                case (_, 0):
                    if case .answer = machine.inputEnded() { answer() }
                case (_, 1):
                    if case .answer = machine.deadlinePassed(unsent: random.below(2) == 0) { answer() }
                case (.head, 2): machine.headBegan()
                case (.head, 3):
                    machine.headRefused(
                        hasBody: random.below(2) == 0, persistent: random.below(4) > 0, closes: random.below(2) == 0)
                case (.head, _):
                    let next = machine.headEnded(hasBody: random.below(2) == 0, persistent: random.below(4) > 0)
                    if next == .handle { answer() }
                case (.body, 2), (.discard, 2):
                    if case .answer = machine.failed(Self.error) { answer() }
                case (.body, _), (.discard, _):
                    if machine.bodyEnded() == .handle { answer() }
                case (.drop, _): _ = machine.outputDrained()
                }
            }
            let isClosed = machine.isClosed
            #expect(isClosed, "seed \(seed), life \(life)")
            let again = machine.broke()
            #expect(again == .goOn, "seed \(seed), life \(life)")
        }
    }
}
