import Formats
import Glibc
import Synchronization

/// Bytes as a file that lies in memory alone and has no name.
struct MemoryFile: ~Copyable {
    private static let count = Atomic(0)
    private let descriptor: Int32

    /// A file that holds these bytes; nil where the kernel gives none.
    init?(_ bytes: [UInt8]) {
        let name = "/tpud-fuzz-\(getpid())-\(Self.count.add(1, ordering: .relaxed).newValue)"
        descriptor = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
        guard descriptor >= 0 else { return nil }
        shm_unlink(name)
        // One that is not whole is no input.
        guard bytes.isEmpty || write(descriptor, bytes, bytes.count) == bytes.count else { return nil }
    }

    deinit { close(descriptor) }

    /// The file, open once more.
    func opened() -> OpenFile? {
        let copy = dup(descriptor)
        return copy < 0 ? nil : try? OpenFile(owning: copy)
    }
}
