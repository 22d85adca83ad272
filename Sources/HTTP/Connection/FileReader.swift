import Reactor

/// Reads files where waiting for the disk hurts nobody.
enum FileReader {
    /// How much is read and handed to the writer at once.
    private static let block = 256 << 10

    /// Sends the stretch that `file` names.
    /// - Throws: `SystemError`; `FileBodyError.truncated` when the file has fewer bytes; what the writer throws.
    static func send(_ file: FileBody, to writer: ResponseWriter, with threads: ThreadPool) async throws {
        var offset = file.offset
        let end = file.offset + file.length
        while offset < end {
            let bytes = try await read(file, offset, Int(min(end - offset, Int64(block))), threads)
            guard !bytes.isEmpty else { throw FileBodyError.truncated(missing: end - offset) }
            try await writer.write(bytes)
            offset += Int64(bytes.count)
        }
    }

    private static func read(
        _ file: FileBody, _ offset: Int64, _ count: Int, _ threads: ThreadPool
    ) async throws -> [UInt8] {
        try await threads.run {
            try [UInt8](unsafeUninitializedCapacity: count) { buffer, read throws(SystemError) in
                read = try SystemCall.read(file.descriptor, at: offset, into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
    }

    /// Where a server reads that was given no threads.
    static let threads: ThreadPool = {
        do throws(SystemError) {
            return try ThreadPool(threads: 2, name: "files")
        } catch {
            preconditionFailure("a server that sends files needs a thread to read them: \(error)")
        }
    }()
}

/// Why a file could not be sent whole.
package enum FileBodyError: Error, Equatable, Sendable {
    /// The file has become shorter than the answer's length.
    case truncated(missing: Int64)
}
