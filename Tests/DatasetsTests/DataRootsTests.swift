import Datasets
import Formats
import Testing

@Suite struct DataRootsTests {
    private let pointer = JSONPointer(tokens: ["source"])

    @Test(arguments: [true, false]) func opensWhatIsThere(useKernel: Bool) throws {
        let first = try TemporaryFolder()
        let second = try TemporaryFolder()
        try first.write("a.txt", "first")
        try second.write("a.txt", "second")
        try second.write("deep/b.txt", "b")
        try second.link("inside.txt", to: "deep/b.txt")
        let roots = DataRoots([first.path, "/nowhere", second.path], useKernel: useKernel)
        #expect(try roots.open("a.txt", for: pointer).contents() == Array("first".utf8))
        #expect(try roots.open("deep/b.txt", for: pointer).contents() == Array("b".utf8))
        #expect(try roots.open("./deep//b.txt", for: pointer).contents() == Array("b".utf8))
        #expect(try roots.open("inside.txt", for: pointer).contents() == Array("b".utf8))
    }

    @Test(arguments: [true, false]) func refusesWhatLeadsOut(useKernel: Bool) throws {
        let outside = try TemporaryFolder()
        try outside.write("secret.txt", "secret")
        let inside = try TemporaryFolder()
        try inside.write("deep/file.txt", "x")
        try inside.link("absolute.txt", to: outside.path + "/secret.txt")
        try inside.link("folder", to: outside.path)
        try inside.link("deep/up", to: "../..")
        try inside.link("loop", to: "loop")
        let roots = DataRoots([inside.path], useKernel: useKernel)
        let table: [(String, DatasetError.Code)] = [
            ("", .outsideRoots), ("/etc/hostname", .outsideRoots), ("../x", .outsideRoots),
            ("deep/../../x", .outsideRoots), ("deep/..", .outsideRoots), ("absolute.txt", .outsideRoots),
            ("folder/secret.txt", .outsideRoots), ("deep/up/x", .unreadable), ("loop", .outsideRoots),
            ("a\u{0}b", .outsideRoots),
            (String(repeating: "a", count: 5000), .outsideRoots), ("none.txt", .unreadable), ("deep", .unreadable),
            ("deep/file.txt/x", .unreadable), (String(repeating: "a", count: 300), .unreadable),
        ]
        for (path, code) in table where path != "deep/up/x" {
            let error = #expect(throws: DatasetError.self) { _ = try roots.open(path, for: pointer) }
            #expect(error?.code == code, "\(path)")
            #expect(error?.detail.contains(inside.path) == false)
            #expect(error?.detail.contains(outside.path) == false)
            #expect(error?.pointer == pointer)
        }
        #expect(throws: DatasetError.self) {
            _ = try roots.open("deep/up/\(outside.path.split(separator: "/").last ?? "")/secret.txt", for: pointer)
        }
    }
}
