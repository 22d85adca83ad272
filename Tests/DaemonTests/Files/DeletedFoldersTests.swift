import Daemon
import Foundation
import Jobs
import Testing

@Suite struct DeletedFoldersTests {
    private static let id = JobID(milliseconds: 1, random: (1, 2))

    /// A state folder with the folder of one job, which holds a file, a folder and a link that leads outside.
    private func withState(_ body: (URL, URL) throws -> Void) throws {
        let state = FileManager.default.temporaryDirectory.appending(path: "tpud-deleted-\(UUID())")
        let outside = FileManager.default.temporaryDirectory.appending(path: "tpud-outside-\(UUID())")
        defer { for folder in [state, outside] { try? FileManager.default.removeItem(at: folder) } }
        let job = state.appending(path: "jobs/\(Self.id)")
        try FileManager.default.createDirectory(
            at: job.appending(path: "checkpoints/7"), withIntermediateDirectories: true)
        try FileManager.default.createDirectory(at: outside, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: outside.appending(path: "kept"))
        try Data("x".utf8).write(to: job.appending(path: "checkpoints/7/model.safetensors"))
        try FileManager.default.createSymbolicLink(at: job.appending(path: "link"), withDestinationURL: outside)
        try body(state, job)
        #expect(FileManager.default.fileExists(atPath: outside.appending(path: "kept").path))
    }

    @Test func aFolderIsSetAsideAndRemoved() throws {
        try withState { state, job in
            let folders = DeletedFolders(stateFolder: state.path)
            #expect(try folders.all() == [])
            try folders.setAside("jobs/\(Self.id)", of: Self.id)
            #expect(!FileManager.default.fileExists(atPath: job.path))
            #expect(try folders.all() == [Self.id])
            try folders.remove(Self.id)
            #expect(try folders.all() == [])
            // A second time there is nothing to do.
            try folders.setAside("jobs/\(Self.id)", of: Self.id)
            try folders.remove(Self.id)
        }
    }

    @Test func aFolderIsBroughtBackWhole() throws {
        try withState { state, job in
            let folders = DeletedFolders(stateFolder: state.path)
            try folders.setAside("jobs/\(Self.id)", of: Self.id)
            try folders.bringBack("jobs/\(Self.id)", of: Self.id)
            #expect(
                FileManager.default.fileExists(atPath: job.appending(path: "checkpoints/7/model.safetensors").path))
            #expect(try folders.all() == [])
        }
    }
}
