import Foundation
import TestSupport
import Testing

/// `tpud check-config` and what the other commands say of a configuration that is not one.
@Suite(.timeLimit(.minutes(10))) struct ConfigurationCommandTests {
    private let folder: DaemonProcess.StateFolder

    init() throws { folder = try DaemonProcess.StateFolder() }

    private func file(_ bytes: [UInt8]) throws -> String {
        let url = URL(filePath: folder.path).appending(path: "\(UUID()).yaml")
        try Data(bytes).write(to: url)
        return url.path
    }

    private func file(_ text: String) throws -> String { try file(Array(text.utf8)) }

    private func run(_ arguments: [String], _ environment: [String: String] = [:]) throws -> (
        status: Int32, output: String
    ) {
        try Binary.run(Binary.tpud, arguments, in: URL(filePath: folder.path), environment: environment)
    }

    @Test func theDefaultsAreTheFileThatIsInstalled() throws {
        let (status, output) = try run(["check-config", "--defaults"])
        #expect(status == 0)
        #expect(try output == String(contentsOf: ProjectFiles.root.appending(path: "etc/tpud.yaml"), encoding: .utf8))
        let good = try run(["check-config", "--config", file(output)])
        #expect(good.status == 0 && good.output == "The configuration is good.\n", "\(good.output)")
        #expect(try run(["check-config", "--config", file("")]).status == 0)
    }

    /// A file that was named is there, and is text; no other file is read in its place.
    @Test func aFileThatCanNotBeReadIsTold() throws {
        for (path, words) in [
            ("nowhere.yaml", "No such file or directory"), (folder.path, "it is not a file"),
            (try file([0xFF, 0xFE]), "it is not UTF-8 text"),
        ] {
            for command in [["check-config"], ["serve"], ["backup", "copy.sqlite"]] {
                let (status, output) = try run(command + ["--config", path])
                #expect(status == 64 && output == "tpud: \(path): can't be read: \(words)\n", "\(command)")
            }
        }
    }

    /// All faults at once, each where it is; what is said later wins, in the order file, environment, flags.
    @Test func everyFaultIsToldWhereItIs() throws {
        let wrong = try file("queue_limit: x\nqueue: 2\n")
        let name = URL(filePath: wrong).lastPathComponent
        let both = try run(["check-config", "--config", wrong])
        #expect(both.status == 64)
        #expect(
            both.output
                == "tpud: \(name):1: queue_limit: 'x' is not a whole number from 1 to 10000000\n"
                + "tpud: \(name):2: queue: is not a setting\n")
        let environment = try run(["check-config", "--config", file("")], ["TPUD_QUEUE_LIMIT": "y"])
        #expect(environment.status == 64 && environment.output.hasPrefix("tpud: environment: TPUD_QUEUE_LIMIT: 'y' "))
        let copy = folder.path + "/copy.sqlite"
        #expect(try run(["backup", copy, "--config", wrong]).status == 64)
        #expect(!FileManager.default.fileExists(atPath: copy))
    }

    @Test func dataRootsThatAreNoFoldersAreTold() throws {
        let path = try file("")
        let roots = [folder.path, "/nowhere/at/all", path].flatMap { ["--data-root", $0] }
        let (status, output) = try run(["check-config", "--config", path] + roots)
        #expect(status == 64)
        #expect(
            output.split(separator: "\n").map(String.init)
                == ["/nowhere/at/all", path].map {
                    "tpud: configuration: data_roots: \($0) is not a folder: make it, or leave it out"
                })
    }

    @Test func whatIsNoCommandIsRefused() throws {
        #expect(try run(["--version"]).output.hasPrefix("0."))
        #expect(try run(["fly"]).status == 64)
        // The processes that the daemon starts are told who it is.
        #expect(try run(["worker"]).status == 64 && run(["check"]).status == 64)
        let copy = try run(["backup", "copy.sqlite", "--config", file(""), "--state-dir", folder.path + "/none"])
        #expect(copy.status == 1 && copy.output.contains("the state folder can't be used"), "\(copy.output)")
    }
}
