import Foundation
import Glibc
import TestSupport
import Testing

/// Faults of the machine that a daemon sees while this exists: a wall clock that was set, a disk whose writes fail. They
/// come from `machine_faults.c`, compiled by the first test and preloaded.
// @unchecked: the memory is written by the test's one thread, a whole word at a time.
final class MachineFaults: @unchecked Sendable {
    private let file: String
    private let words: UnsafeMutablePointer<Int>

    /// No fault yet.
    init() throws {
        file = FileManager.default.temporaryDirectory.appending(path: "tpud-faults-\(UUID())").path
        try Data(count: 16).write(to: URL(filePath: file))
        let descriptor = open(file, O_RDWR | O_CLOEXEC)
        defer { close(descriptor) }
        let memory = try #require(mmap(nil, 16, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0))
        try #require(memory != MAP_FAILED)
        words = memory.bindMemory(to: Int.self, capacity: 2)
    }

    deinit {
        munmap(words, 16)
        try? FileManager.default.removeItem(atPath: file)
    }

    /// The environment of a daemon that sees them.
    func environment() throws -> [String: String] {
        ["LD_PRELOAD": try Self.library.get(), "MACHINE_FAULTS": file]
    }

    /// Seconds that the wall clock is ahead of the true one.
    var ahead: Int {
        get { words[0] }
        set { words[0] = newValue }
    }

    /// Every so-many-th write to a file, and synchronization of one, fails with EIO; 0 for none.
    var failing: Int {
        get { words[1] }
        set { words[1] = newValue }
    }

    /// The compiled shim.
    private static let library = Result {
        let source = ProjectFiles.root.appending(path: "Tests/tpudTests/MachineFaults/machine_faults.c").path
        let built = Binary.folder.appending(path: "machine_faults.so").path
        let (status, output) = try Binary.run(
            "/usr/bin/env", ["cc", "-O1", "-shared", "-fPIC", "-o", built, source, "-ldl"])
        try #require(status == 0, "\(output)")
        return built
    }
}
