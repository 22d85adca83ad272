import Executor
import Formats
import Glibc

/// A CSV file of numbers as users have them, and how fast it becomes numbers.
struct TableReading {
    private let path: String
    private let header: [String]
    private let bytes: Int

    /// Writes the file: `rows` of twenty columns in [0, 1) with six decimals and a label of two digits.
    init(rows: Int = 100_000) {
        path = "/tmp/tpud-engine-bench-\(getpid()).csv"
        header = (0..<20).map { "column\($0)" } + ["label"]
        var text = header.joined(separator: ",") + "\n"
        var state: UInt64 = 1
        for row in 0..<rows {
            for _ in 0..<20 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let digits = String((state >> 33) % 1_000_000)
                text += "0.\(String(repeating: "0", count: 6 - digits.count))\(digits),"
            }
            text += "\(row % 100)\n"
        }
        let content = Array(text.utf8)
        bytes = content.count
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        var written = 0
        while written < bytes {
            let count = content[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            precondition(count > 0, "there is room for the table in /tmp")
            written += count
        }
        close(descriptor)
    }

    /// Takes the file away.
    func remove() { unlink(path) }

    /// Bytes a second from the file to its numbers.
    func bytesPerSecond() throws -> Double {
        try rate { stream in
            let reader = CSVReader(stream)
            _ = try CSVNumbers.header(reader)
            let columns = CSVColumns(header: header, features: Array(0..<20), label: 20)
            let numbers = try CSVNumbers(reader, columns, deciding: 10_000)
            precondition(numbers.isComplete && numbers.features.count == 20 * numbers.rows, "every row was read")
        }
    }

    /// Bytes a second that the file can be read at without looking at them.
    func limitBytesPerSecond() throws -> Double {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { buffer.deallocate() }
        return try rate { stream in while try stream.read(into: buffer) > 0 {} }
    }

    private func rate(_ body: (ByteStream) throws -> Void) throws -> Double {
        let start = MonotonicClock.nanoseconds()
        try body(try ByteStream(try OpenFile(path: path)))
        return Double(bytes) / (Double(MonotonicClock.nanoseconds() - start) * 1e-9)
    }
}
