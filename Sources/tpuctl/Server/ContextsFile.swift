import Formats
import FoundationEssentials
import Glibc
import Transfer

/// The file of contexts, which its owner alone may read: it may hold tokens.
enum ContextsFile {
    /// Bytes that it may have.
    private static let longest = 1 << 20

    /// Where it is: `tpud/contexts.yaml` in the user's folder of configurations.
    static var path: String {
        let environment = ProcessInfo.processInfo.environment
        if let folder = environment["XDG_CONFIG_HOME"], folder.hasPrefix("/") { return "\(folder)/tpud/contexts.yaml" }
        return "\(environment["HOME"] ?? ".")/.config/tpud/contexts.yaml"
    }

    /// Reads the contexts. A file that is missing has none.
    /// - Throws: `TransferError` that never tells a token.
    static func read() throws(TransferError) -> Contexts {
        let path = path
        if access(path, F_OK) != 0, errno == ENOENT || errno == ENOTDIR { return Contexts() }
        let text: String?
        do throws(FormatError) {
            let file = try OpenFile(path: path)
            var status = stat()
            if fstat(file.descriptor, &status) == 0, status.st_mode & 0o077 != 0 {
                throw FormatError(.unreadable, "can be read or changed by others: chmod 600 \(path)")
            }
            text = String(validating: try file.contents(limit: longest), as: UTF8.self)
        } catch {
            throw TransferError(.file, "\(path): \(error)")
        }
        guard let text else { throw TransferError(.file, "\(path): is not UTF-8 text") }
        let json: JSON
        do throws(YAMLReader.Fault) {
            json = try YAMLReader.json(text)
        } catch {
            throw TransferError(.file, "\(path): \(error)")
        }
        let faults = SpecErrors()
        let contexts = Contexts(json, faults: faults)
        guard faults.isEmpty else {
            let words = faults.all.map { "\($0.pointer) \($0.detail)" }.joined(separator: "; ")
            throw TransferError(.file, "\(path): \(words)")
        }
        return contexts
    }

    /// Changes it as a whole, or makes it.
    static func change(_ body: (inout Contexts) throws -> Void) throws {
        var contexts = try read()
        try body(&contexts)
        try write(contexts)
    }

    private static func write(_ contexts: Contexts) throws(TransferError) {
        let path = path
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        makeFolder(folder)
        let new = "\(path).\(getpid())"
        let descriptor = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw fault(path) }
        let text = "# Contexts of tpuctl: tpuctl context changes them.\n\(YAMLWriter.text(contexts.json))\n"
        let isWritten = Array(text.utf8).withUnsafeBytes { bytes in
            Glibc.write(descriptor, bytes.baseAddress, bytes.count) == bytes.count && fsync(descriptor) == 0
        }
        close(descriptor)
        guard isWritten, rename(new, path) == 0 else {
            let error = fault(path)
            unlink(new)
            throw error
        }
    }

    private static func makeFolder(_ path: String) {
        guard !path.isEmpty, access(path, F_OK) != 0 else { return }
        makeFolder(path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/"))
        mkdir(path, 0o700)
    }

    private static func fault(_ path: String) -> TransferError {
        TransferError(.file, "\(path): can't be written: \(String(cString: strerror(errno)))")
    }
}
