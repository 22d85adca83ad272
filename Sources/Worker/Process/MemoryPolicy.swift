import CLinux
import Glibc

/// What the kernel is told about a worker's memory.
package enum MemoryPolicy {
    /// A worker may take so many times what the plan of its step takes: checkpoints are written, batches are read
    /// ahead, and an allocator keeps what it had.
    package static let factor = 4
    /// And so many bytes besides: stacks, code that is loaded, small things.
    package static let floor = 1 << 30

    // RLIMIT_DATA, whose C type is another one than that of the call.
    private static let dataLimit = __rlimit_resource_t(2)

    /// Makes this process the first to go when the machine's memory is used up: the daemon is the last. A process may
    /// always raise its own figure.
    package static func diesBeforeTheDaemon() {
        let descriptor = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let text = Array("500".utf8)
        _ = write(descriptor, text, text.count)
    }

    /// Gives every block of 4 MiB and more back to the system when it is freed: a worker's are freed for good, as what was read
    /// from files and checkpoints that were written.
    package static func givesBackLargeBlocks() { clinux_give_back_blocks_from(4 << 20) }

    /// Lets this process have no more private memory than this (RLIMIT_DATA: what it can write to and does not belong to a file).
    /// An allocation past that fails, and with it the process.
    package static func limit(to bytes: Int) {
        // The hard limit may be lower already, and stays; an error leaves what was.
        var limit = rlimit()
        guard getrlimit(dataLimit, &limit) == 0 else { return }
        limit.rlim_cur = min(rlim_t(max(0, bytes)), limit.rlim_max)
        setrlimit(dataLimit, &limit)
    }

    /// The limit of a worker whose plan takes so many bytes and which has its data already; nil where the kernel does not say
    /// what it has.
    package static func standard(planBytes: Int) -> Int? {
        heldBytes().map { standard(planBytes: planBytes, heldBytes: $0) }
    }

    /// The same with what it holds as a parameter.
    package static func standard(planBytes: Int, heldBytes: Int) -> Int {
        let (product, overflow) = planBytes.multipliedReportingOverflow(by: factor)
        let (sum, past) = product.addingReportingOverflow(heldBytes)
        return overflow || past || sum > Int.max - floor ? .max : sum + floor
    }

    /// The private memory that this process has (VmData of /proc/self/status); nil where the kernel does not say.
    package static func heldBytes() -> Int? {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = read(descriptor, &bytes, bytes.count)
        let fields = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split { $0 == " " || $0 == "\n" }
        guard fields.count > 5, let pages = Int(fields[5]) else { return nil }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}
