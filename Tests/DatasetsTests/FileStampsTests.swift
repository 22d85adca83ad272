import Datasets
import Formats
import Testing

@Suite struct FileStampsTests {
    private func open(_ path: String, _ roots: DataRoots) throws {
        _ = try roots.open(path, for: JSONPointer(tokens: ["source"])).size
    }

    @Test func everyOpenedFileIsNotedAsItWas() throws {
        let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
        let a = try first.write("a.txt", "1")
        let b = try second.write("deep/b.txt", "22")
        let stamps = FileStamps()
        let roots = DataRoots([first.path, second.path], stamps: stamps)
        #expect(stamps.all.isEmpty)
        try open("a.txt", roots)
        try open("deep/b.txt", roots)
        #expect(stamps.all == ["a.txt": FileStamp(path: a), "deep/b.txt": FileStamp(path: b)])
    }

    /// What was read first is what a verdict rests on: a file that changes while it is looked at is out of date.
    @Test func theFirstStampIsKept() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("a.txt", "1")
        let before = try #require(FileStamp(path: path))
        let stamps = FileStamps()
        let roots = DataRoots([folder.path], stamps: stamps)
        try open("a.txt", roots)
        try folder.write("a.txt", "longer")
        try open("a.txt", roots)
        #expect(stamps.all == ["a.txt": before])
        #expect(FileStamp(path: path) != before)
    }

    @Test func whatIsNotOpenedIsNotNoted() throws {
        let folder = try TemporaryFolder()
        let stamps = FileStamps()
        let roots = DataRoots([folder.path], stamps: stamps)
        for path in ["none.txt", "../a.txt", ""] {
            #expect(throws: DatasetError.self) { try open(path, roots) }
        }
        #expect(stamps.all.isEmpty)
        // A value is no other input for who watches it.
        #expect(roots == DataRoots([folder.path]))
    }
}
