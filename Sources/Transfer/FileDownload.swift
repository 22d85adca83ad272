import Crypto
import Formats
import FoundationEssentials
import Glibc

/// A file fetched to disk: into `PATH.part` first, resumed there after an interruption (RFC 9110 section 14), compared
/// with its checksum, and only then given its name. Without a checksum it starts over: nothing would tell the beginning of
/// this file from another's.
package struct FileDownload: Sendable {
    /// Path and query of the file on the server.
    package var target: String
    /// Where the file is to be.
    package var destination: String
    /// SHA-256 of the whole file in hexadecimal; nil where it is not known.
    package var sha256: String?
    /// Header fields for the request.
    package var fields: [(name: String, value: String)]

    /// A download of `target` to `destination`.
    package init(
        _ target: String, to destination: String, sha256: String? = nil, fields: [(name: String, value: String)] = []
    ) {
        self.target = target
        self.destination = destination
        self.sha256 = sha256
        self.fields = fields
    }

    /// Fetches the file, going on where an earlier call was interrupted. An answer that is not a success is returned as
    /// it is and leaves the destination alone.
    ///
    /// - Throws: `TransferError`; `damaged` where the checksum differs, and then what was fetched is removed.
    package func run(_ client: TransferClient, progress: (Int) -> Void = { _ in }) throws -> Reply {
        let part = destination + ".part"
        var reply = try attempt(client, part: part, progress: progress)
        if reply.status == 416 {
            // What is there is no beginning of today's file: start over.
            unlink(part)
            reply = try attempt(client, part: part, progress: progress)
        }
        guard reply.status == 200 || reply.status == 206 else { return reply }
        if let sha256 {
            let found = try FileDownload.checksum(of: part)
            guard found == sha256.lowercased() else {
                unlink(part)
                throw TransferError(.damaged, "\(target): SHA-256 is \(found), not \(sha256)")
            }
        }
        guard rename(part, destination) == 0 else { throw FileDownload.fault(destination) }
        return reply
    }

    private func attempt(_ client: TransferClient, part: String, progress: (Int) -> Void) throws -> Reply {
        guard let file = fopen(part, sha256 == nil ? "wb" : "ab") else { throw FileDownload.fault(part) }
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        let there = ftell(file)
        var request = TransferRequest("GET", target, fields: fields)
        if there > 0 { request.fields.append(("Range", "bytes=\(there)-")) }
        var written = there
        var begun = false
        return try withoutActuallyEscaping(progress) { progress in
            var exchange = try CurlRequest.prepared(request, with: client)
            var body: [UInt8] = []
            var reply = try exchange.perform { status, bytes in
                guard status == 200 || status == 206 else { return body.append(contentsOf: bytes) }
                if !begun, status == 200, there > 0 {
                    // The server sends the whole file although a part was asked for.
                    guard ftruncate(fileno(file), 0) == 0 else { throw FileDownload.fault(part) }
                    written = 0
                }
                begun = true
                guard fwrite(bytes.baseAddress, 1, bytes.count, file) == bytes.count else {
                    throw FileDownload.fault(part)
                }
                written += bytes.count
                progress(written)
            }
            guard fflush(file) == 0, fsync(fileno(file)) == 0 else { throw FileDownload.fault(part) }
            reply.body = body
            return reply
        }
    }

    private static func checksum(of path: String) throws -> String {
        guard let file = fopen(path, "rb") else { throw fault(path) }
        defer { fclose(file) }
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { break }
            hash.update(data: buffer[..<count])
        }
        return Hexadecimal.text(hash.finalize())
    }

    private static func fault(_ path: String) -> TransferError {
        TransferError(.file, "\(path): \(String(cString: strerror(errno)))")
    }
}
