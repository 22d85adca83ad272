package import FoundationEssentials

/// Where tests find the files that they read.
package enum ProjectFiles {
    /// The top of the project.
    package static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The folder of cases that other systems computed: `TPUD_CONFORMANCE_DIR` when it is set, else the project's copies.
    package static let conformance = others ?? ownCases

    /// The project's copies of the cases, for tests that need what is in them.
    package static let ownCases = root.appending(path: "Tests/Fixtures/conformance")

    /// Whether the cases are the project's copies, of which it is known what they hold.
    package static let hasOwnCases = others == nil

    /// Whether a file or folder of cases is there. The project's own always is, so that a missing one shows; another folder
    /// may lack it, and then the suite that asks has nothing to run and is skipped with ``noCases``.
    package static func hasCases(_ path: String) -> Bool {
        hasOwnCases || FileManager.default.fileExists(atPath: conformance.appending(path: path).path)
    }

    /// Why a suite is skipped.
    package static let noCases = "the folder of TPUD_CONFORMANCE_DIR has no case of this suite"

    private static let others = ProcessInfo.processInfo.environment["TPUD_CONFORMANCE_DIR"]
        .flatMap { $0.isEmpty ? nil : URL(filePath: $0) }
}
