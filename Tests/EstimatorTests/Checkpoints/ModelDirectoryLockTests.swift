import Estimator
import Testing

@Suite struct ModelDirectoryLockTests {
    @Test func heldOnce() throws {
        let folder = try TemporaryFolder()
        let directory = folder.path + "/job"
        var first = try ModelDirectoryLock(modelDirectory: directory)
        #expect(first != nil)
        #expect(try ModelDirectoryLock(modelDirectory: directory) == nil)
        first = nil
        #expect(try ModelDirectoryLock(modelDirectory: directory) != nil)
    }

    @Test func oneADirectory() throws {
        let folder = try TemporaryFolder()
        let one = try ModelDirectoryLock(modelDirectory: folder.path + "/a/b")
        let other = try ModelDirectoryLock(modelDirectory: folder.path + "/a/c")
        #expect(one != nil && other != nil)
        withExtendedLifetime((one, other)) {}
    }

    /// A file where the directory should be, and a directory where the lock should be.
    @Test func whatCannotBeLocked() throws {
        let folder = try TemporaryFolder()
        try folder.put([1], "file")
        let error = #expect(throws: CheckpointFileError.self) {
            try ModelDirectoryLock(modelDirectory: folder.path + "/file")
        }
        #expect(error?.description.contains(folder.path) == false)
        let taken = POSIXCheckpointFiles()
        try taken.makeFolder(folder.path + "/job/.lock")
        #expect(throws: CheckpointFileError.self) { try ModelDirectoryLock(modelDirectory: folder.path + "/job") }
    }
}
