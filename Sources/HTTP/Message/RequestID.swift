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
        func padded(_ text: String, _ width: Int) -> String {
            String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return padded(String(run, radix: 16), 8) + "-" + padded(String(number, radix: 16), 16)
    }
}
