import Daemon
import Foundation
import Reactor
import Testing

@Suite struct StartCountTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tpud-starts-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    @Test func startsAreCountedUntilACleanStop() throws {
        try withFolder { folder in
            for before in 0..<12 { #expect(try StartCount.begin(in: folder) == before) }
            try StartCount.clear(in: folder)
            #expect(try StartCount.begin(in: folder) == 0)
        }
    }

    @Test(arguments: ["", "nonsense\n", "-3\n", "99999999999999999999\n"]) func anotherTextCountsNothing(text: String)
        throws
    {
        try withFolder { folder in
            try text.write(toFile: "\(folder)/\(StartCount.fileName)", atomically: false, encoding: .utf8)
            #expect(try StartCount.begin(in: folder) == 0)
        }
    }

    @Test func aFolderThatIsNotThereIsAnError() {
        #expect(throws: SystemError.self) { try StartCount.begin(in: "/nowhere/at/all") }
    }
}
