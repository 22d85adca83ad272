package import Reactor

/// How much the connections may read in one turn of the reactor: whoever sends a little is answered in the turn in which
/// it comes, however much others send.
///
/// All of them share ``turn`` bytes. Once those are used, each goes on by ``least`` bytes, which hold a whole small
/// request, so that nobody starves.
package struct ReadBudget: Sendable {
    /// Bytes of a turn: to put them where they belong takes two or three milliseconds.
    package static let turn = 512 << 10
    /// Bytes that everybody may read.
    package static let least = 8 << 10

    private var began = MonotonicInstant(nanoseconds: 0)
    private var used = 0

    /// Nothing is read yet.
    package init() {}

    /// How many bytes one connection may read now.
    /// - Parameter turn: when the reactor's turn began.
    package mutating func allowance(in turn: MonotonicInstant) -> Int {
        if began != turn {
            began = turn
            used = 0
        }
        return max(Self.least, Self.turn - used)
    }

    /// So many bytes were read.
    package mutating func read(_ count: Int) { used += count }
}
