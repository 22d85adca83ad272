import Foundation

/// A folder of its own that goes with the value.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("tpud-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let url = URL(fileURLWithPath: path).appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        return url.path
    }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path + "/" + name, withDestinationPath: target)
    }

    /// An IDX file of bytes.
    @discardableResult
    func writeIDX(_ name: String, shape: [Int], _ bytes: [UInt8], announced: [Int]? = nil) throws -> String {
        var file: [UInt8] = [0, 0, 8, UInt8(shape.count)]
        for dimension in announced ?? shape {
            file += withUnsafeBytes(of: UInt32(dimension).bigEndian) { Array($0) }
        }
        return try write(name, file + bytes)
    }
}
