import Reactor

extension Connection {
    /// Waits for an answer that comes later. Nothing of the request is kept but what `held` keeps.
    func hold(_ held: any HeldAnswer, _ number: UInt64) {
        guard isCurrent(number) else { return held.gone() }
        task = nil
        dropRequest()
        self.held = held
        held.begin(HeldExchange(connection: self, number: number))
    }

    /// Lets the request's bytes go, while its answer is still to come.
    private func dropRequest() {
        server.keptBodyBytes(-bodyBytes)
        bodyBytes = 0
        storage = nil
        storageIsDone = false
    }

    func answerHeld(_ response: Response, _ number: UInt64) {
        guard isCurrent(number), held != nil else { return }
        held = nil
        answer(response)
        advance()
    }

    /// Whether little waits for the client.
    var hasRoom: Bool { unsent <= Self.roomBelow }

    func writeHeld(_ bytes: [UInt8], _ number: UInt64) {
        guard isCurrent(number), held != nil, !bytes.isEmpty else { return }
        guard appendToBody(bytes) else { return giveUp() }
        flush()
        armDeadline()
    }

    func finishHeld(_ number: UInt64) {
        guard isCurrent(number), held != nil else { return }
        held = nil
        finishStream()
        advance()
    }

    func breakOffHeld(_ number: UInt64) {
        guard isCurrent(number), held != nil else { return }
        flush()
        giveUp()
    }
}
