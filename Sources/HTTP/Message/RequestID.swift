/// Names one request in answers and logs: the server's run and a number that grows.
package struct RequestID: Hashable, Sendable, CustomStringConvertible {
    /// Random for each run of a server.
    package let run: UInt32
    /// Counts from 1.
    package let number: UInt64

    /// The id with these parts.
    package init(run: UInt32, number: UInt64) {
        self.run = run
        self.number = number
    }

    /// `9f2c01ab-000000000000002a`
    package var description: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Adds the description to a text: every answer has it, so that no string is made.
    package func append(to bytes: inout [UInt8]) {
        Self.append(UInt64(run), digits: 8, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        Self.append(number, digits: 16, to: &bytes)
    }

    private static func append(_ value: UInt64, digits: Int, to bytes: inout [UInt8]) {
        for digit in stride(from: digits - 1, through: 0, by: -1) {
            let value = UInt8(truncatingIfNeeded: value >> UInt64(4 * digit)) & 15
            bytes.append(value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10)
        }
    }
}
