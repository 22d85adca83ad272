import Foundation
import TestSupport
import Testing

/// The unit under a real systemd in namespaces of its own.
@Suite struct SystemdTests {
    @Test func theUnitUnderARealSystemd() throws {
        let folder = URL.temporaryDirectory.appending(path: "tpud-box-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let (status, output) = try Binary.run(
            "/bin/bash",
            [
                ProjectFiles.root.appending(path: "Tests/Systemd/scenario").path, folder.path, Binary.folder.path,
            ])
        if status == 77 {
            try Test.cancel("skipped: \(output)")
        }
        #expect(status == 0, "\(output)")
        #expect(output.contains("ok: restarted after kill -9"))
        #expect(output.contains("ok: tokens by LoadCredential"))
        #expect(output.contains("ok: socket activation"))
        #expect(output.contains("ok: levels in the journal"))
    }
}
