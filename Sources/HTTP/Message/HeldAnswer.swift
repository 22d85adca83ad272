/// An answer, or a body, that goes on later and has no task meanwhile: ten thousand clients that wait cost what their
/// waiting needs, not ten thousand tasks. All of it happens on the reactor's thread.
package protocol HeldAnswer: AnyObject, Sendable {
    /// The connection waits from now on. Called once; a body's head is sent by then.
    func begin(_ exchange: HeldExchange)
    /// The client took enough of what was written that more is welcome (`HeldExchange.hasRoom`).
    func roomAgain()
    /// The client, or the connection, is gone: nothing can be written any more. Not called after the end of the answer.
    func gone()
}

/// What a ``HeldAnswer`` answers with. It keeps its connection: let it go with `gone()` and after the end.
// @unchecked: used on the reactor's thread alone, which its connection checks.
package struct HeldExchange: @unchecked Sendable {
    let connection: Connection
    let number: UInt64

    /// Answers the request: for an answer that was held from its head on.
    package func answer(_ response: Response) { connection.answerHeld(response, number) }

    /// Whether the client keeps up: little of what was written waits for it.
    package var hasRoom: Bool { connection.sender.hasRoom }

    /// Writes more of a body that was announced as held. Whatever there is is sent or kept: ask `hasRoom` first.
    package func write(_ bytes: [UInt8]) { connection.writeHeld(bytes, number) }

    /// The held body is complete.
    package func finish() { connection.finishHeld(number) }

    /// Breaks the connection off: the answer can't be completed.
    package func breakOff() { connection.breakOffHeld(number) }
}

/// What a handler says when it may hold its answer.
package enum HandlerResult: Sendable {
    /// The answer is there.
    case now(Response)
    /// It comes later.
    case later(any HeldAnswer)
}
