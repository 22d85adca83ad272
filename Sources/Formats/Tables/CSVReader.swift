/// One record of a CSV file: its fields' bytes, unquoted, and where it is.
package struct CSVRecord: Sendable {
    /// The line of the file on which the record begins, counted from 1.
    package fileprivate(set) var line = 0
    fileprivate var bytes: [UInt8] = []
    fileprivate var ends: [Int] = []

    /// No record yet.
    package init() {}

    /// The number of fields.
    package var count: Int { ends.count }

    /// Whether the line holds nothing, or only spaces.
    package var isBlank: Bool { count == 1 && bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 } }

    /// The bytes of a field.
    package subscript(field: Int) -> ArraySlice<UInt8> {
        bytes[(field == 0 ? 0 : ends[field - 1])..<ends[field]]
    }

    /// The field as a string; bytes that are not UTF-8 become replacement characters.
    package func text(_ field: Int) -> String { String(decoding: self[field], as: UTF8.self) }
}

/// Reads the records of a CSV file one after another (RFC 4180).
///
/// Strict: fields are separated by commas; a field that begins with a quote ends with one, and quotes inside it are
/// doubled; a quote inside any other field is an error. Lines end with CRLF or LF, the last one's end may be missing.
/// A UTF-8 byte order mark at the start is skipped, as spreadsheets write one. A file that is something else by its
/// first bytes is told for what it is.
package final class CSVReader {
    private let stream: ByteStream
    private var chunk: [UInt8]
    private var index = 0
    private var end = 0
    private var line = 1
    private var begun = false

    /// The longest record that is read: past it a quote was never closed.
    package static let maximumRecordSize = 1 << 24

    /// The fewest bytes that may be read at a time: a byte order mark has so many.
    package static let smallestChunk = 3

    /// A reader from the stream's start.
    ///
    /// - Parameter chunk: Bytes that are read at a time, ``smallestChunk`` or more. Default 64 KiB. A file that is something
    ///   else by its beginning is known by the first of them.
    package init(_ stream: ByteStream, chunk: Int = 1 << 16) {
        precondition(chunk >= CSVReader.smallestChunk, "a chunk has room for a byte order mark")
        self.stream = stream
        self.chunk = [UInt8](repeating: 0, count: chunk)
    }

    private enum State { case fieldStart, plain, quoted, quoteInQuoted, carriageReturn }

    /// Reads the next record; false at the end. Throws `malformed` with the line, or what the stream throws.
    package func next(into record: inout CSVRecord) throws(FormatError) -> Bool {
        record.bytes.removeAll(keepingCapacity: true)
        record.ends.removeAll(keepingCapacity: true)
        if !begun { try begin() }
        guard try !isAtEnd() else { return false }
        record.line = line
        var state = State.fieldStart
        while try !isAtEnd() {
            let byte = chunk[index]
            index += 1
            switch (state, byte) {
            case (.carriageReturn, UInt8(ascii: "\n")):
                endRecord(&record)
                return true
            case (.carriageReturn, _): throw malformed("a carriage return is not followed by a line feed")
            case (.quoted, UInt8(ascii: "\"")): state = .quoteInQuoted
            case (.quoted, _):
                if byte == UInt8(ascii: "\n") { line += 1 }
                record.bytes.append(byte)
            case (.quoteInQuoted, UInt8(ascii: "\"")):
                record.bytes.append(byte)
                state = .quoted
            case (.fieldStart, UInt8(ascii: "\"")): state = .quoted
            case (_, UInt8(ascii: ",")):
                record.ends.append(record.bytes.count)
                state = .fieldStart
            case (_, UInt8(ascii: "\n")):
                endRecord(&record)
                return true
            case (_, UInt8(ascii: "\r")): state = .carriageReturn
            case (.quoteInQuoted, _): throw malformed("text follows a closing quote")
            case (_, UInt8(ascii: "\"")): throw malformed("a quote is inside a field that does not begin with one")
            default:
                record.bytes.append(byte)
                state = .plain
            }
            if record.bytes.count + record.ends.count > CSVReader.maximumRecordSize {
                throw FormatError(
                    .tooLarge, "line \(record.line): the record is longer than \(CSVReader.maximumRecordSize) bytes")
            }
        }
        if state == .quoted {
            throw FormatError(.truncated, "line \(record.line): the file ends inside quotes")
        }
        if state == .carriageReturn { throw malformed("a carriage return is not followed by a line feed") }
        record.ends.append(record.bytes.count)
        return true
    }

    private func endRecord(_ record: inout CSVRecord) {
        record.ends.append(record.bytes.count)
        line += 1
    }

    private func begin() throws(FormatError) {
        begun = true
        guard try !isAtEnd() else { return }
        let prefix = Array(chunk[..<min(end, FileKind.prefixSize)])
        if let kind = FileKind(prefix) { throw kind.mismatch(expected: "a CSV file") }
        if prefix.contains(0) { throw FormatError(.malformed, "is not a text file: there are zero bytes in it") }
        guard end >= 3, chunk[0] == 0xEF, chunk[1] == 0xBB, chunk[2] == 0xBF else { return }
        index = 3
    }

    private func isAtEnd() throws(FormatError) -> Bool {
        if index < end { return false }
        var result: Result<Int, FormatError> = .success(0)
        chunk.withUnsafeMutableBytes { buffer in
            result = Result { () throws(FormatError) in try self.stream.read(into: buffer) }
        }
        end = try result.get()
        index = 0
        return end == 0
    }

    private func malformed(_ detail: String) -> FormatError {
        FormatError(.malformed, "line \(line): \(detail)")
    }
}
