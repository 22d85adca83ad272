import Estimator
import Glibc
import Testing

/// The real file system.
@Suite struct POSIXCheckpointFilesTests {
    private let files = POSIXCheckpointFiles()
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    /// The `errno` of a call that is to fail; its sentence has no absolute path.
    private func code(_ body: () throws(CheckpointFileError) -> Void) -> Int32? {
        do {
            try body()
            return nil
        } catch {
            #expect(!error.description.contains(folder.path))
            return error.code
        }
    }

    @Test func foldersAndNames() throws {
        try files.makeFolder(path("a/b/c"))
        try files.makeFolder(path("a/b/c"))
        try files.write([1], to: path("a/b/x"))
        try files.write([], to: path("a/b/.y"))
        #expect(try files.names(in: path("a/b")).sorted() == [".y", "c", "x"])
        #expect(try files.names(in: path("missing")) == [])
        #expect(code { () throws(CheckpointFileError) in _ = try files.names(in: path("a/b/x")) } == ENOTDIR)
        #expect(code { () throws(CheckpointFileError) in try files.makeFolder(path("a/b/x/d")) } == ENOTDIR)
    }

    @Test(arguments: [0, 1, 4096, 3 << 20]) func bytesComeBack(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try files.write(bytes, to: path("f"))
        #expect(try files.read(path("f")) == bytes)
        // A shorter content leaves nothing of the longer one.
        try files.write([7], to: path("f"))
        #expect(try files.read(path("f")) == [7])
    }

    @Test func readingWhatIsNoFile() throws {
        try files.write([1], to: path("f"))
        try files.makeFolder(path("d"))
        #expect(try files.read(path("missing")) == nil)
        #expect(try files.read(path("f/below")) == nil)
        #expect(code { () throws(CheckpointFileError) in _ = try files.read(path("d")) } == EISDIR)
        #expect(code { () throws(CheckpointFileError) in try files.write([1], to: path("d")) } == EISDIR)
        #expect(code { () throws(CheckpointFileError) in try files.write([1], to: path("no/f")) } == ENOENT)
    }

    @Test func movingAndSwapping() throws {
        for (name, byte) in [("a", UInt8(1)), ("b", 2)] {
            try files.makeFolder(path(name))
            try files.write([byte], to: path("\(name)/f"))
        }
        try files.exchange(path("a"), with: path("b"))
        #expect(try files.read(path("a/f")) == [2] && files.read(path("b/f")) == [1])
        try files.rename(path("a"), to: path("c"))
        #expect(try files.names(in: folder.path).sorted() == ["b", "c"])
        #expect(code { () throws(CheckpointFileError) in try files.rename(path("a"), to: path("d")) } == ENOENT)
        #expect(code { () throws(CheckpointFileError) in try files.exchange(path("b"), with: path("d")) } == ENOENT)
    }

    @Test func removing() throws {
        try files.makeFolder(path("d"))
        try files.write([1], to: path("d/f"))
        #expect(code { () throws(CheckpointFileError) in try files.removeFolder(path("d")) } == ENOTEMPTY)
        // What is gone already is fine: a removal that was cut short is done again.
        for _ in 0..<2 {
            try files.removeFile(path("d/f"))
            try files.removeFolder(path("d"))
        }
        #expect(try files.names(in: folder.path) == [])
    }

    @Test func synchronizing() throws {
        try files.write([1], to: path("f"))
        try files.synchronize(path("f"))
        try files.synchronize(folder.path)
        #expect(code { () throws(CheckpointFileError) in try files.synchronize(path("missing")) } == ENOENT)
    }
}
