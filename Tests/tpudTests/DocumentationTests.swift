import Foundation
import TestSupport
import Testing
import Transfer

/// Runs the commands of the pages as a reader would type them, and looks for what the pages promise.
@Suite struct DocumentationTests {
    @Test(arguments: [("first-job.md", 8), ("examples/README.md", 1)])
    func thePageByHand(_ page: String, _ scripts: Int) throws {
        let daemon = try DaemonProcess()
        let page = try String(contentsOf: ProjectFiles.root.appending(path: "docs/\(page)"), encoding: .utf8)
        let blocks = Page(page).blocks
        #expect(blocks.filter { $0.language == "sh" }.count >= scripts)

        // One shell runs all of it; a mark behind each block tells the outputs apart.
        var script = "set -euo pipefail\n"
        for block in blocks where block.language == "sh" {
            script += block.text.replacing("http://127.0.0.1:8470", with: daemon.client.base)
            script += "\necho '=== end of block'\n"
        }
        let place = URL(filePath: daemon.state.path).appending(path: "reader")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            at: place.appending(path: "docs"), withDestinationURL: ProjectFiles.root.appending(path: "docs"))
        let (status, output) = try Binary.run(
            "/bin/bash", ["-c", script], in: place,
            environment: [
                "PATH": "\(Binary.folder.path):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")",
                "TPUD_URL": daemon.client.base,
            ])
        #expect(status == 0, "\(output)\n\(daemon.log.suffix(20))")

        var outputs = output.components(separatedBy: "=== end of block\n")
        var last = ""
        for block in blocks {
            if block.language == "sh" { last = outputs.isEmpty ? "" : outputs.removeFirst() }
            guard block.language == "text" else { continue }
            for line in block.text.split(separator: "\n") {
                #expect(last.contains(line.trimmingCharacters(in: .whitespaces)), "in:\n\(last)")
            }
        }
    }
}

extension DocumentationTests {
    @Test func everyFigureIsOnThePage() throws {
        let daemon = try DaemonProcess(["--workers", "1"])
        _ = try daemon.final(try daemon.submit(Jobs.tiny()))
        let page = try String(contentsOf: ProjectFiles.root.appending(path: "docs/operating.md"), encoding: .utf8)
        let figures = String(decoding: try daemon.send("GET", "/metrics").body, as: UTF8.self)
        let names = Set(figures.matches(of: /(?m)^# TYPE (\w+)/).map { String($0.1) })
        #expect(names.count > 20)
        for name in names.sorted() { #expect(page.contains("`\(name)"), "\(name) is not on the page") }
    }
}

/// The fenced blocks of a Markdown page.
struct Page {
    var blocks: [(language: String, text: String)] = []

    init(_ markdown: String) {
        var language: String?
        var lines: [Substring] = []
        for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                if let open = language {
                    blocks.append((open, lines.joined(separator: "\n")))
                    language = nil
                } else {
                    language = String(line.dropFirst(3))
                    lines = []
                }
            } else if language != nil {
                lines.append(line)
            }
        }
    }
}
