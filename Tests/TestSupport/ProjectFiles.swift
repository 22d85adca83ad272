package import FoundationEssentials

/// Where tests find the files that they read.
package enum ProjectFiles {
    /// The top of the project.
    package static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The folder of cases that other systems computed: `TPUD_CONFORMANCE_DIR` when it is set, else the project's copies.
    package static let conformance = others ?? root.appending(path: "Tests/Fixtures/conformance")

    /// Whether the cases are the project's copies, of which it is known what they hold.
    package static let hasOwnCases = others == nil

    private static let others = ProcessInfo.processInfo.environment["TPUD_CONFORMANCE_DIR"]
        .flatMap { $0.isEmpty ? nil : URL(filePath: $0) }
}
