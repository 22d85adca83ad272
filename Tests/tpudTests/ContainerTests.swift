import Foundation
import TestSupport
import Testing

/// The Containerfile that docs/operating.md shows, built where an engine is there and has its images already: a test
/// fetches nothing of that size.
@Suite(.timeLimit(.minutes(20))) struct ContainerTests {
    @Test func thePagesContainerfileIsBuilt() throws {
        let page = try String(contentsOf: ProjectFiles.root.appending(path: "docs/operating.md"), encoding: .utf8)
        let file = try #require(Page(page).blocks.first { $0.language == "Containerfile" }?.text)
        let bases = file.matches(of: /^FROM (\S+)/.anchorsMatchLineEndings()).map { String($0.1) }
        #expect(bases.count == 2)
        let engine = ["docker", "podman"].first { engine in
            (["info"] + bases.map { "image inspect \($0)" }).allSatisfy { words in
                let command = [engine] + words.split(separator: " ").map(String.init)
                return (try? Binary.run("/usr/bin/env", command).status) == 0
            }
        }
        guard let engine else {
            try Test.cancel("skipped: no container engine that has \(bases.joined(separator: " and "))")
        }
        let folder = try DaemonProcess.StateFolder()
        let containerfile = folder.path + "/Containerfile"
        try file.write(toFile: containerfile, atomically: true, encoding: .utf8)
        let (status, output) = try Binary.run(
            "/usr/bin/env", [engine, "build", "--file", containerfile, "--tag", "tpud-test", ProjectFiles.root.path])
        #expect(status == 0, "\(output.suffix(4000))")
        let (ran, words) = try Binary.run(
            "/usr/bin/env",
            [
                engine, "run", "--rm", "--entrypoint", "/bin/sh", "tpud-test", "-c",
                "tpud token add --role admin --name me && tpud check-config",
            ])
        #expect(ran == 0, "\(words)")
    }
}
