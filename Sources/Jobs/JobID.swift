/// The opaque name of a job: 26 characters of lower-case Crockford base 32 whose order is the order of creation.
///
/// The form is that of a ULID: 48 bits of milliseconds since 1970, then 80 random bits. Comparing two ids, or their
/// texts, compares their creation; `JobIDSequence` keeps that strict inside one millisecond, too.
package struct JobID: Hashable, Comparable, Sendable {
    /// The milliseconds and the first 16 random bits.
    private let high: UInt64
    /// The other 64 random bits.
    private let low: UInt64

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes an id from a time (milliseconds since 1970, of which the lower 48 bits count) and 80 random bits.
    package init(milliseconds: UInt64, random: (UInt16, UInt64)) {
        self.init(high: milliseconds << 16 | UInt64(random.0), low: random.1)
    }

    /// Reads the text form; nil when `text` is not exactly an id in its one canonical spelling.
    package init?(_ text: some StringProtocol) {
        let text = String(text)
        // 26 digits hold 130 bits, of which the first two are always zero.
        guard text.utf8.count == 26, let first = text.utf8.first, Self.values[Int(first)] <= 7 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for byte in text.utf8 {
            let value = Self.values[Int(byte)]
            guard value < 32 else { return nil }
            high = high << 5 | low >> 59
            low = low << 5 | UInt64(value)
        }
        self.init(high: high, low: low)
    }

    /// The time of creation, in milliseconds since 1970.
    package var milliseconds: UInt64 { high >> 16 }

    /// Orders ids by creation.
    package static func < (left: JobID, right: JobID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    /// The next id in order, nil when the random part of this millisecond is used up.
    fileprivate var successor: JobID? {
        if low < .max { return JobID(high: high, low: low + 1) }
        let next = JobID(high: high + 1, low: 0)
        return next.milliseconds == milliseconds ? next : nil
    }

    /// Crockford's alphabet: no i, l, o, u.
    fileprivate static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    /// The value of each byte as a digit; 32 for what is none.
    private static let values: [UInt8] = (0...255).map { byte in
        digits.firstIndex(of: byte).map { UInt8($0) } ?? 32
    }
}

extension JobID: LosslessStringConvertible {
    /// The 26 characters.
    package var description: String {
        var text: [UInt8] = []
        text.reserveCapacity(26)
        for index in 0..<26 {
            let shift = 125 - 5 * index
            let bits =
                shift >= 64
                ? high >> UInt64(shift - 64) : (shift > 59 ? high << UInt64(64 - shift) : 0) | low >> UInt64(shift)
            text.append(Self.digits[Int(bits & 31)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// Gives out ids that strictly grow, even inside one millisecond and when the clock steps back.
package struct JobIDSequence: Sendable {
    private var last: JobID?

    /// Starts a sequence; every id that it gives is greater than `last` (the newest stored one, say).
    package init(after last: JobID? = nil) {
        self.last = last
    }

    /// The next id for a job that is made at `now`; randomness is taken from `generator`.
    package mutating func next(
        at now: Timestamp, using generator: inout some RandomNumberGenerator
    ) -> JobID {
        let fresh = JobID(
            milliseconds: UInt64(max(0, now.milliseconds)),
            random: (UInt16.random(in: .min ... .max, using: &generator), .random(in: .min ... .max, using: &generator))
        )
        var id = fresh
        if let last, id <= last {
            id = last.successor ?? JobID(milliseconds: last.milliseconds + 1, random: (0, 0))
        }
        last = id
        return id
    }
}
