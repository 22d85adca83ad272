import Foundation
import TestSupport

/// What Package.swift says, as the package manager reads it.
struct Manifest: Decodable, Sendable {
    struct Target: Decodable, Sendable {
        var name: String
        var type: String
        var path: String?
        var dependencies: [[String: [Name?]]]

        /// The modules that it depends on.
        var modules: Set<String> { Set(dependencies.flatMap(\.values).compactMap { $0.first??.text }) }

        /// Where its sources are, from the project's folder.
        var folder: String { path ?? (type == "test" ? "Tests/" : "Sources/") + name }
    }

    /// A name among values of other kinds, such as conditions.
    struct Name: Decodable, Sendable {
        var text: String?

        init(from decoder: any Decoder) throws { text = try? decoder.singleValueContainer().decode(String.self) }
    }

    var targets: [Target]

    /// The project's own, read apart from its build folder, which another command may hold.
    static func ofTheProject() throws -> Manifest {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "manifest-\(UUID())")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "swift", "package", "--package-path", ProjectFiles.root.path, "--scratch-path", scratch.path,
            "dump-package",
        ]
        process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("TPUD_") }
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return try JSONDecoder().decode(Manifest.self, from: text)
    }
}
