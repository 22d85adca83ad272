import Formats
import Foundation
import TestSupport

/// Files that Keras wrote: `Tests/Fixtures/keras-files`, made by its `make.py`.
enum KerasFixture {
    static func path(_ name: String) -> String {
        ProjectFiles.root.appending(path: "Tests/Fixtures/keras-files/\(name)").path
    }

    static func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path(name)))) }

    /// The model of this name as Keras' `to_json()` printed it.
    static func model(_ name: String, keras version: Int) throws -> JSON {
        try JSON(parsing: bytes("keras\(version).json"))[name]?["model"] ?? .null
    }
}

/// A file that goes with the value.
final class TemporaryFile {
    let path = FileManager.default.temporaryDirectory.appending(path: "tpud-keras-\(UUID())").path

    init(_ bytes: [UInt8] = []) throws {
        if !bytes.isEmpty { try Data(bytes).write(to: URL(filePath: path)) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
