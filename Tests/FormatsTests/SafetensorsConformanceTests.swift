import Formats
import Foundation
import TestSupport
import Testing

/// Files that the reference implementation wrote: every one is read, and comes out again byte for byte.
@Suite struct SafetensorsConformanceTests {
    @Test func readsAndRewritesEveryFile() throws {
        let files =
            FileManager.default.enumerator(at: ProjectFiles.conformance, includingPropertiesForKeys: nil)?
            .compactMap { $0 as? URL }.filter { file in
                // The field's are inputs that failed, broken ones among them.
                file.pathExtension == "safetensors" && !file.pathComponents.contains("field")
            } ?? []
        if files.isEmpty { print("conformance safetensors: \(ProjectFiles.noCases)") }
        #expect(!files.isEmpty || !ProjectFiles.hasOwnCases, "no files under \(ProjectFiles.conformance.path)")
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: file))
            let whole = try Safetensors(parsing: bytes)
            #expect(try Safetensors(path: file.path) == whole)
            #expect(whole.serialized() == bytes, "\(file.lastPathComponent)")
        }
    }
}
