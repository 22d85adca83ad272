import Crypto
import Formats
import Glibc
package import Jobs
package import Reactor

/// The checkpoints of a job as they lie in its folder. Every method waits for the disk: never on the reactor.
package struct CheckpointFolder: Sendable {
    /// A checkpoint whose manifest is there and whose files have the lengths that it says.
    package struct Found: Sendable, Hashable {
        /// The global step.
        package var step: Int
        /// Why it was written.
        package var keptBecause: String
        /// Its files, the manifest last.
        package var files: [CheckpointFile]

        /// Makes it of its members.
        package init(step: Int, keptBecause: String, files: [CheckpointFile]) {
            self.step = step
            self.keptBecause = keptBecause
            self.files = files
        }
    }

    /// The longest manifest that is read: they have a few hundred bytes.
    private static let manifestLimit = 1 << 20
    private static let manifest = "manifest.json"

    private let path: String

    /// The checkpoints of a job's folder, which need not be there.
    package init(modelDirectory: String) { path = "\(modelDirectory)/checkpoints" }

    /// The path of a checkpoint's file.
    package func path(of file: String, step: Int) -> String { "\(path)/\(step)/\(file)" }

    // MARK: Reading

    /// The steps that have a folder, whether or not it is complete.
    /// - Throws: `SystemError` when the folder is there and can't be read.
    package func steps() throws(SystemError) -> [Int] {
        try FolderTree.names(in: path).compactMap { name in
            Int(name).flatMap { $0 >= 0 && "\($0)" == name ? $0 : nil }
        }.sorted()
    }

    /// The complete checkpoint at a step; nil when there is none.
    package func complete(_ step: Int) -> Found? {
        guard let text = try? read(Self.manifest, step: step), let value = try? JSON(parsing: text),
            value["step"]?.int == step, let listed = value["files"]?.array
        else { return nil }
        var found = Found(step: step, keptBecause: value["kept_because"]?.string ?? "NEWEST", files: [])
        for entry in listed {
            guard let name = entry["name"]?.string, let bytes = entry["bytes"]?.int,
                let sha256 = entry["sha256"]?.string, !name.contains("/"),
                let stamp = FileStamp(path: path(of: name, step: step)), stamp.size == bytes
            else { return nil }
            found.files.append(CheckpointFile(name: name, bytes: bytes, sha256: sha256))
        }
        guard found.files.contains(where: { $0.name == "model.safetensors" }) else { return nil }
        found.files.append(
            CheckpointFile(name: Self.manifest, bytes: text.count, sha256: SHA256.hash(data: text).hexadecimal))
        return found
    }

    /// What is wrong with the files of a checkpoint: every one is read whole and compared with its length and digest.
    /// - Returns: a sentence without its full stop; nil when all is as recorded.
    /// - Throws: `SystemError` when a file is there but can't be read for a reason that says nothing about it.
    package func damage(_ files: [CheckpointFile], step: Int) throws(SystemError) -> String? {
        for file in files {
            let descriptor = open(path(of: file.name, step: step), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
            guard descriptor >= 0 else {
                if errno == ENOENT || errno == ENOTDIR { return "\(file.name) is missing" }
                throw SystemError(call: "open", code: errno)
            }
            defer { SystemCall.close(descriptor) }
            let (bytes, digest) = try Self.digest(descriptor)
            guard bytes == file.bytes else {
                return "\(file.name) has \(bytes) bytes, where \(file.bytes) were recorded"
            }
            guard digest == file.sha256 else { return "\(file.name) does not match its SHA-256" }
        }
        return nil
    }

    private static func digest(_ descriptor: Int32) throws(SystemError) -> (bytes: Int, digest: String) {
        var hash = SHA256()
        var total = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            // unsafe: the kernel fills the buffer, which lives through the call.
            let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw SystemError(call: "read", code: errno)
            }
            if count == 0 { return (total, hash.finalize().hexadecimal) }
            buffer.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            total += count
        }
    }

    private func read(_ name: String, step: Int) throws -> [UInt8] {
        try OpenFile(path: path(of: name, step: step)).contents(limit: Self.manifestLimit)
    }

    // MARK: Removing

    /// Removes a checkpoint, the manifest first: what is left of a removal that was cut short passes for no checkpoint.
    /// One that is not there is fine. Returns when the removal is on the disk.
    package func remove(_ step: Int) throws(SystemError) {
        try removeTree("\(path)/\(step)")
        try synchronize()
    }

    /// Removes what was never finished. Only while no worker of the job lives.
    package func removeUnfinished() throws(SystemError) {
        for name in try FolderTree.names(in: path) where name.hasPrefix(".") && name.hasSuffix(".unfinished") {
            try removeTree("\(path)/\(name)")
        }
    }

    private func removeTree(_ folder: String) throws(SystemError) {
        try Self.call("unlink") { unlink("\(folder)/\(Self.manifest)") }
        for name in try FolderTree.names(in: folder) { try Self.call("unlink") { unlink("\(folder)/\(name)") } }
        try Self.call("rmdir") { rmdir(folder) }
    }

    private func synchronize() throws(SystemError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return }
            throw SystemError(call: "open", code: errno)
        }
        defer { SystemCall.close(descriptor) }
        if fsync(descriptor) != 0 { throw SystemError(call: "fsync", code: errno) }
    }

    private static func call(_ name: String, _ body: () -> Int32) throws(SystemError) {
        if body() != 0, errno != ENOENT { throw SystemError(call: name, code: errno) }
    }
}

extension SHA256.Digest {
    /// 64 lower-case hexadecimal digits.
    var hexadecimal: String { Hexadecimal.text(self) }
}
