import Testing

/// No type has the name of a module, and no two modules have a type of the same name: where both are imported, a reader would
/// have to guess.
@Suite struct TypeNamesTests {
    @Test func everyNameIsOneModules() throws {
        var modules: [String: Set<String>] = [:]
        let files = try SourceFile.all().filter { !$0.isTest }
        for file in files {
            for line in file.code {
                guard line.first?.isLetter == true || line.first == "@",
                    let match = line.firstMatch(
                        of:
                            /^(?:@\w+(?:\([^)]*\))? )*(?:(?:public|package|private|fileprivate|final|indirect|nonisolated) )*(?:struct|class|enum|actor|protocol|typealias) (\w+)/
                    )
                else { continue }
                modules[String(match.1), default: []].insert(file.target)
            }
        }
        #expect(modules.count > 300)
        let targets = Set(files.map(\.target))
        #expect(modules.keys.filter(targets.contains).sorted() == [])
        // The client's commands are called by their types' names.
        let twice = modules.filter { $0.value.subtracting(["tpuctl", "tpud"]).count > 1 }
        #expect(twice.keys.sorted() == [], "\(twice)")
    }
}
