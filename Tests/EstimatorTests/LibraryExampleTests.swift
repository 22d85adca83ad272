import Foundation
import TestSupport
import Testing

/// docs/estimator.md can be followed by copying: its program is the one of Tests/Examples/Quadrants, which is built as a
/// program of another package would be, and which prints what the page shows. So are and do those of docs/examples/library.
@Suite struct LibraryExampleTests {
    private let blocks: [Block]

    init() throws {
        let page = try String(contentsOf: ProjectFiles.root.appending(path: "docs/estimator.md"), encoding: .utf8)
        // What follows the program explains parts of others.
        let end = try #require(page.range(of: "\n## What there is\n")).lowerBound
        blocks = Block.all(of: String(page[..<end]))
    }

    @Test func thePageShowsTheProgram() throws {
        let source = ProjectFiles.root.appending(path: "Tests/Examples/Quadrants/Quadrants.swift")
        let program = try String(contentsOf: source, encoding: .utf8)
        let shown = blocks.filter { $0.language == "swift" && !$0.isManifest }.map { $0.text + "\n" }
        #expect(shown.count == 4)
        #expect(shown.joined(separator: "\n") == program)
    }

    /// The page's manifest names a product, a platform's tools version and a target that are there.
    @Test func thePageNamesTheProduct() throws {
        let manifest = try #require(blocks.first { $0.isManifest }).text
        let own = try String(contentsOf: ProjectFiles.root.appending(path: "Package.swift"), encoding: .utf8)
        #expect(own.contains(#".library(name: "TPUEstimator", targets: ["Estimator"])"#))
        #expect(manifest.contains(#".product(name: "TPUEstimator", package: "tpud")"#))
        #expect(manifest.contains(#".executableTarget(name: "Quadrants""#))
        #expect(manifest.split(separator: "\n").first == own.split(separator: "\n").first)
    }

    @Test func theProgramPrintsWhatThePageShows() throws {
        let folder = try TemporaryFolder()
        let expected = try #require(blocks.first { $0.language == "text" }).text + "\n"
        #expect(expected.contains("trained to step 500"))
        #expect(try run("Quadrants", in: folder) == expected)
        // Again: nothing is left to train.
        let lines = try run("Quadrants", in: folder).split(separator: "\n").map(String.init)
        #expect(lines == expected.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("step ") })
    }

    /// The page's blocks are the programs' output, in this order; its lines of the manifest are the examples'.
    @Test(arguments: [(0, "Digits"), (1, "PetalWidth"), (2, "Species")])
    func anExample(place: Int, name: String) throws {
        let examples = ProjectFiles.root.appending(path: "docs/examples/library")
        let page = Block.all(of: try String(contentsOf: examples.appending(path: "README.md"), encoding: .utf8))
        let manifest = try String(contentsOf: examples.appending(path: "Package.swift"), encoding: .utf8)
        for block in page where block.language == "swift" { #expect(manifest.contains(block.text)) }
        #expect(manifest.contains(#".executableTarget(name: "\#(name)", dependencies: [estimator])"#))
        #expect(page.contains { $0.text.contains("swift run -c release \(name)") })
        let outputs = page.filter { $0.language == "text" }.map { $0.text + "\n" }
        #expect(outputs.count == 3)
        let folder = try TemporaryFolder()
        let data = ProjectFiles.root.appending(path: "docs/examples/data").path
        #expect(try run(name, [data], in: folder) == outputs[place])
        if name == "Digits" {
            #expect(try folder.names("digits-export/300") == ["model.json", "model.safetensors"])
            // Again: nothing is left to train, and the same model takes the place of the first.
            let model = try folder.bytes("digits-export/300/model.safetensors")
            #expect(try run(name, [data], in: folder) == outputs[place])
            #expect(try folder.bytes("digits-export/300/model.safetensors") == model)
        }
    }

    /// The page shows the beginning of the program that the daemon runs, and the line of its manifest that is another's.
    @Test func thePageShowsTheProgramOfTheDaemon() throws {
        let page = try String(contentsOf: ProjectFiles.root.appending(path: "docs/estimator.md"), encoding: .utf8)
        let examples = ProjectFiles.root.appending(path: "docs/examples/library")
        let source = try String(
            contentsOf: examples.appending(path: "Sources/DigitsProgram/DigitsProgram.swift"), encoding: .utf8)
        let shown = try #require(Block.all(of: page).first { $0.text.hasPrefix("import EstimatorProgram\n") })
        #expect(source.hasPrefix(shown.text))
        let manifest = try String(contentsOf: examples.appending(path: "Package.swift"), encoding: .utf8)
        let product = #".product(name: "TPUEstimatorProgram", package: "tpud")"#
        #expect(page.contains(product) && manifest.contains(product))
        let own = try String(contentsOf: ProjectFiles.root.appending(path: "Package.swift"), encoding: .utf8)
        #expect(own.contains(#".library(name: "TPUEstimatorProgram", targets: ["EstimatorProgram"])"#))
    }

    /// Runs a program in a folder.
    private func run(_ name: String, _ arguments: [String] = [], in folder: TemporaryFolder) throws -> String {
        let process = Process()
        // The program lies beside the test's own.
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: name)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder.path)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: text, as: UTF8.self)
    }
}

/// A fenced block of a Markdown page.
private struct Block {
    let language: Substring
    let text: String

    /// Whether it is a package's manifest.
    var isManifest: Bool { text.hasPrefix("// swift-tools-version") }

    static func all(of page: String) -> [Block] {
        let fences = page.split(separator: "\n```", omittingEmptySubsequences: false).dropFirst()
        // Every second piece lies between two blocks.
        return fences.enumerated().filter { $0.offset % 2 == 0 }.map { _, fence in
            let lines = fence.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            return Block(language: lines[0], text: String(lines.dropFirst().first ?? ""))
        }
    }
}
