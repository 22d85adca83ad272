import Reactor

extension Connection {
    /// Waits for an answer that comes later. Nothing of the request is kept but what `held` keeps.
    func hold(_ held: any HeldAnswer, _ number: UInt64) {
        guard isCurrent(number) else { return held.gone() }
        if current.isTakenBack {
            held.gone()
            return giveUp()
        }
        reader.dropRequest()
        work = .held(held)
        held.begin(HeldExchange(connection: self, number: number))
    }

    /// What let the present request in no longer holds: an answer that is held, or will be, is broken off.
    func takeBack() {
        current.isTakenBack = true
        if isHeld { giveUp() }
    }

    private var isHeld: Bool {
        if case .held = work { true } else { false }
    }

    func answerHeld(_ response: Response, _ number: UInt64) {
        guard isCurrent(number), isHeld else { return }
        work = .none
        answer(response)
        advance()
    }

    func writeHeld(_ bytes: [UInt8], _ number: UInt64) {
        guard isCurrent(number), isHeld, !bytes.isEmpty else { return }
        guard appendToBody(bytes) else { return giveUp() }
        flush()
        armDeadline()
    }

    func finishHeld(_ number: UInt64) {
        guard isCurrent(number), isHeld else { return }
        work = .none
        finishStream()
        advance()
    }

    func breakOffHeld(_ number: UInt64) {
        guard isCurrent(number), isHeld else { return }
        flush()
        giveUp()
    }
}
