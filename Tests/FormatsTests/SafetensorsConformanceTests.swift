import Formats
import Foundation
import Testing

/// Files that the reference implementation wrote: every one is read, and comes out again byte for byte.
@Suite struct SafetensorsConformanceTests {
    private static var folder: URL {
        if let folder = ProcessInfo.processInfo.environment["TPUD_CONFORMANCE_DIR"] {
            return URL(fileURLWithPath: folder)
        }
        return URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/conformance")
    }

    @Test func readsAndRewritesEveryFile() throws {
        let files =
            FileManager.default.enumerator(at: Self.folder, includingPropertiesForKeys: nil)?
            .compactMap { $0 as? URL }.filter { $0.pathExtension == "safetensors" } ?? []
        #expect(!files.isEmpty, "no files under \(Self.folder.path)")
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: file))
            let whole = try Safetensors(parsing: bytes)
            #expect(try Safetensors(path: file.path) == whole)
            #expect(whole.serialized() == bytes, "\(file.lastPathComponent)")
        }
    }
}
