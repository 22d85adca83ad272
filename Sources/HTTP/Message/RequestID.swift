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

    /// Adds the description to a text: every answer has it, so that no string is made and the text grows once.
    package func append(to bytes: inout [UInt8]) {
        // unsafe: every byte is written before all are read.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 25) { text in
            Self.write(UInt64(run), to: text, 0..<8)
            text[8] = UInt8(ascii: "-")
            Self.write(number, to: text, 9..<25)
            bytes.append(contentsOf: text)
        }
    }

    /// A number's hexadecimal digits, the last one last.
    private static func write(_ value: UInt64, to text: UnsafeMutableBufferPointer<UInt8>, _ range: Range<Int>) {
        var rest = value
        for index in range.reversed() {
            let digit = UInt8(truncatingIfNeeded: rest & 15)
            text[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            rest >>= 4
        }
    }
}
