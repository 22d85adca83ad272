import Daemon
import Foundation
import Glibc
import Reactor
import Testing

@Suite struct WholeFileTests {
    private func withFile(_ body: (String, Int32) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tpud-whole-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = "\(folder)/file"
        try "old".write(toFile: path, atomically: false, encoding: .utf8)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        try body(path, descriptor)
    }

    @Test func itIsReplacedAsAWholeWithItsMode() throws {
        try withFile { path, descriptor in
            #expect(fchmod(descriptor, 0o640) == 0)
            // What an end of the machine left is in nobody's way.
            try "half".write(toFile: "\(path).new", atomically: false, encoding: .utf8)
            let bytes = [UInt8](repeating: 0x61, count: 1 << 20)
            try WholeFile.replace(path, descriptor, with: bytes)
            #expect(FileManager.default.contents(atPath: path) == Data(bytes))
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o640)
            #expect(!FileManager.default.fileExists(atPath: "\(path).new"))
            // Whoever had it open still reads what was.
            #expect(lseek(descriptor, 0, SEEK_END) == 3)
        }
    }

    @Test func whatFailsLeavesItAsItWas() throws {
        try withFile { path, descriptor in
            let elsewhere = path + "/file"
            #expect(throws: SystemError(call: "open", code: ENOTDIR)) {
                try WholeFile.replace(elsewhere, descriptor, with: [1])
            }
            #expect(throws: SystemError(call: "fstat", code: EBADF)) { try WholeFile.replace(path, -1, with: [1]) }
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            #expect(throws: SystemError(call: "rename", code: EISDIR)) {
                try WholeFile.replace(path, descriptor, with: [1])
            }
            #expect(!FileManager.default.fileExists(atPath: "\(path).new"))
        }
    }
}
