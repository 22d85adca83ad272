import Testing

/// Package.swift, the table of docs/architecture.md and the `import` lines say the same.
@Suite struct ManifestTests {
    private let manifest: Manifest
    private let imports: [String: Set<String>]

    init() throws {
        manifest = try Self.found.get()
        try #require(manifest.targets.count > 30)
        let files = try SourceFile.all()
        imports = Dictionary(
            uniqueKeysWithValues: manifest.targets.map { target in
                (target.name, Set(files.filter { $0.path.hasPrefix(target.folder + "/") }.flatMap(\.imports)))
            })
    }

    /// Read once: the package manager takes seconds for it.
    private static let found = Result { try Manifest.ofTheProject() }

    @Test func everyDependencyIsImported() {
        // A test that runs a program depends on it without importing it.
        let programs = Set(manifest.targets.filter { $0.type == "executable" }.map(\.name))
        for target in manifest.targets {
            let unused = target.modules.subtracting(imports[target.name] ?? [])
            #expect(unused.subtracting(target.type == "test" ? programs : []).isEmpty, "\(target.name)")
        }
    }

    @Test func everyImportIsADependency() {
        let all = manifest.targets.reduce(into: Set(manifest.targets.map(\.name))) { $0.formUnion($1.modules) }
        for target in manifest.targets {
            let missing = (imports[target.name] ?? []).intersection(all).subtracting(target.modules)
            #expect(missing.isEmpty, "\(target.name)")
        }
    }

    @Test func theTableIsTheManifest() throws {
        let table = try ImportTable.ofTheProject()
        let sources = manifest.targets.filter { $0.folder.hasPrefix("Sources/") }
        let names = Set(sources.map(\.name))
        #expect(Set(table.allowed.keys) == names)
        for target in sources {
            #expect(table.allowed[target.name] == target.modules.intersection(names), "\(target.name)")
        }
    }
}
