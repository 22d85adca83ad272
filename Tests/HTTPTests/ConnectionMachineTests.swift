import HTTP
import Testing

/// The life of a connection without a connection: each row is what happens and what must come of it.
@Suite struct ConnectionMachineTests {
    private enum Event {
        case partOfHead
        case head(body: Bool, persistent: Bool)
        case refusedHead(body: Bool, closes: Bool)
        case bodyEnd, answered, drained, peerClosing, inputEnd, drain, broke
        case deadline(unsent: Bool)
        case fault
    }

    private static let fault = HTTPError(.badFraming, "x")

    private func play(_ events: [Event]) -> ([ConnectionMachine.Step], ConnectionMachine.Phase) {
        var machine = ConnectionMachine()
        var steps: [ConnectionMachine.Step] = []
        for event in events {
            switch event {
            case .partOfHead: machine.headBegan()
            case .head(let body, let persistent): steps.append(machine.headEnded(hasBody: body, persistent: persistent))
            case .refusedHead(let body, let closes):
                machine.headRefused(hasBody: body, persistent: true, closes: closes)
            case .bodyEnd: steps.append(machine.bodyEnded())
            case .answered: machine.answered()
            case .drained: steps.append(machine.outputDrained())
            case .peerClosing: steps.append(machine.peerClosing())
            case .inputEnd: steps.append(machine.inputEnded())
            case .drain: steps.append(machine.drain())
            case .broke: steps.append(machine.broke())
            case .deadline(let unsent): steps.append(machine.deadlinePassed(unsent: unsent))
            case .fault: steps.append(machine.faulted(Self.fault))
            }
        }
        return (steps, machine.phase)
    }

    private static let rows: [(String, [Event], [ConnectionMachine.Step], ConnectionMachine.Phase)] = [
        (
            "a request, then idle", [.head(body: false, persistent: true), .answered, .drained], [.handle, .proceed],
            .idle
        ),
        ("a body, then idle", [.head(body: true, persistent: true), .bodyEnd, .answered], [.proceed, .handle], .idle),
        (
            "Connection: close lingers", [.head(body: false, persistent: false), .answered, .drained, .inputEnd],
            [.handle, .linger, .close], .closed
        ),
        (
            "lingering has an end",
            [.head(body: false, persistent: false), .answered, .drained, .deadline(unsent: false)],
            [.handle, .linger, .close], .closed
        ),
        (
            "refused, body thrown away", [.refusedHead(body: true, closes: false), .answered, .bodyEnd], [.proceed],
            .idle
        ),
        (
            "refused, body not worth it", [.refusedHead(body: true, closes: true), .answered, .drained], [.linger],
            .lingering
        ),
        ("nonsense is answered and lingers", [.fault, .answered, .drained], [.refuse(fault), .linger], .lingering),
        (
            "nonsense after an answer is not answered",
            [.refusedHead(body: true, closes: false), .answered, .fault, .drained],
            [.proceed, .linger], .lingering
        ),
        ("the end between requests", [.inputEnd, .drained], [.proceed, .close], .closed),
        (
            "the end within a handler", [.head(body: false, persistent: true), .inputEnd, .answered, .drained],
            [.handle, .cancelSoon, .close], .closed
        ),
        (
            "a client that closes its side", [.head(body: false, persistent: true), .peerClosing],
            [.handle, .cancelSoon], .answering
        ),
        (
            "no head in time", [.partOfHead, .deadline(unsent: false), .answered, .drained],
            [.refuse(HTTPError(.timeout, "the request did not come in time")), .linger], .lingering
        ),
        ("no request in time", [.deadline(unsent: false)], [.close], .closed),
        (
            "a handler may take its time", [.head(body: false, persistent: true), .deadline(unsent: false)],
            [.handle, .proceed], .answering
        ),
        (
            "a reader may not", [.head(body: false, persistent: true), .deadline(unsent: true)], [.handle, .close],
            .closed
        ),
        ("a drain of an idle one", [.drain, .drained], [.proceed, .close], .closed),
        (
            "a drain within a request", [.head(body: false, persistent: true), .drain, .answered, .drained],
            [.handle, .proceed, .linger], .lingering
        ),
        (
            "a drain while a body is thrown away",
            [.refusedHead(body: true, closes: false), .answered, .drain, .bodyEnd, .drained],
            [.proceed, .proceed, .linger], .lingering
        ),
        ("broken twice", [.broke, .broke], [.close, .proceed], .closed),
    ]

    @Test(arguments: rows.indices)
    func goesAsItMust(row: Int) {
        let (name, events, steps, phase) = Self.rows[row]
        let result = play(events)
        #expect(result.0 == steps, "\(name)")
        #expect(result.1 == phase, "\(name)")
    }

    @Test func theEndWithinARequestIsRefused() {
        for events in [[Event.partOfHead, .inputEnd], [.head(body: true, persistent: true), .inputEnd]] {
            guard case .refuse(let fault)? = play(events).0.last else {
                Issue.record("not refused")
                continue
            }
            #expect(fault.code == .malformedRequest)
        }
    }
}

@Suite struct AcceptPolicyTests {
    @Test func outOfDescriptorsPausesLongerAndLonger() {
        var policy = AcceptPolicy()
        let full = SystemErrors.full
        var pauses: [AcceptPolicy.Verdict] = []
        for _ in 0..<7 { pauses.append(policy.failed(full)) }
        let expected = [50, 100, 200, 400, 800, 1_000, 1_000].map { AcceptPolicy.Verdict.pause(.milliseconds($0)) }
        #expect(pauses == expected)
        policy.succeeded()
        let again = policy.failed(full)
        #expect(again == .pause(.milliseconds(50)))
    }

    @Test func aLostConnectionIsNoReasonToPauseUnlessAllAre() {
        var policy = AcceptPolicy()
        var verdicts: [AcceptPolicy.Verdict] = []
        for _ in 0..<100 { verdicts.append(policy.failed(SystemErrors.lost)) }
        #expect(verdicts.prefix(99).allSatisfy { $0 == .goOn })
        #expect(verdicts.last == .pause(.seconds(1)))
    }
}
