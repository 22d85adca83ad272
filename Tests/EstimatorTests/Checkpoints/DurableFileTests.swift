import Estimator
import Glibc
import Testing

@Suite struct DurableFileTests {
    @Test func itIsThereOnceItIsWhole() throws {
        let folder = try TemporaryFolder()
        let files = POSIXCheckpointFiles()
        let path = "\(folder.path)/lines"
        for text in ["first", "second, longer"] {
            let before = try files.read(path)
            let file = try DurableFile("lines", in: folder.path)
            for byte in text.utf8 { try file.append([byte]) }
            #expect(try files.read(path) == before)
            let entry = try file.finish()
            #expect(
                entry
                    == ManifestEntry(
                        name: "lines", bytes: text.utf8.count, sha256: SHA256Digest.hex(of: Array(text.utf8))))
            #expect(try files.read(path) == Array(text.utf8))
            #expect(try files.names(in: folder.path) == ["lines"])
        }
    }

    /// One that is given up leaves nothing of its name, and the next one begins anew.
    @Test func oneThatIsGivenUp() throws {
        let folder = try TemporaryFolder()
        let files = POSIXCheckpointFiles()
        try DurableFile("lines", in: folder.path).append([1, 2, 3])
        #expect(try files.read("\(folder.path)/lines") == nil)
        _ = try DurableFile("lines", in: folder.path).finish()
        #expect(try files.read("\(folder.path)/lines") == [])
    }

    @Test func withoutAFolder() throws {
        let folder = try TemporaryFolder()
        #expect(throws: CheckpointFileError("open", "\(folder.path)/no/.lines.unfinished", code: ENOENT)) {
            try DurableFile("lines", in: "\(folder.path)/no")
        }
    }
}
