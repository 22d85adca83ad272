import Foundation
import FuzzChecks
import TestSupport
import Testing

/// The inputs that are kept in Tests/Fuzz/Corpus: a file each, in a folder for each parser.
@Suite struct FuzzTargetTests {
    private static func corpus(_ target: FuzzTarget) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
            at: ProjectFiles.root.appending(path: "Tests/Fuzz/Corpus/\(target.rawValue)"),
            includingPropertiesForKeys: nil)
    }

    @Test(arguments: FuzzTarget.allCases) func noKeptInputBreaksAnything(target: FuzzTarget) throws {
        let files = try Self.corpus(target)
        #expect(files.count > 10)
        for file in files {
            let broken = target.broken(by: [UInt8](try Data(contentsOf: file)))
            #expect(broken == nil, "\(file.lastPathComponent): \(broken ?? "")")
        }
    }

    @Test func everyFolderIsATargets() throws {
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: ProjectFiles.root.appending(path: "Tests/Fuzz/Corpus").path)
        #expect(Set(folders) == Set(FuzzTarget.allCases.map(\.rawValue)))
    }
}
