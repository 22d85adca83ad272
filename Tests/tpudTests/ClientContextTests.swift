import API
import Formats
import Foundation
import Glibc
import OrderedCollections
import TestSupport
import Testing

/// `tpuctl`'s contexts, YAML in and out, completions and man pages.
@Suite(.timeLimit(.minutes(10))) struct ClientContextTests {
    private let home: String

    init() throws {
        home = FileManager.default.temporaryDirectory.appending(path: "tpud-home-\(UUID())").path
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    }

    private var file: String { "\(home)/.config/tpud/contexts.yaml" }

    private func run(
        _ arguments: [String], environment: [String: String] = [:]
    ) throws -> (status: Int32, output: String) {
        var all = ["HOME": home, "XDG_CONFIG_HOME": ""]
        all.merge(environment) { $1 }
        return try Binary.run(Binary.tpuctl, arguments, environment: all)
    }

    /// Runs a command whose standard input is a text.
    private func run(_ arguments: [String], input: String) throws -> (status: Int32, output: String) {
        let place = "\(home)/input"
        try input.write(toFile: place, atomically: false, encoding: .utf8)
        return try Binary.run(
            "/bin/sh", ["-c", "exec \"$0\" \"$@\" < \(place)", Binary.tpuctl] + arguments, environment: ["HOME": home])
    }

    @Test func aContextNamesADaemon() throws {
        defer { try? FileManager.default.removeItem(atPath: home) }
        let daemon = try DaemonProcess(["--workers", "0"])
        let url = "http://127.0.0.1:\(daemon.port)"
        #expect(try run(["context", "list"]).output == "CURRENT  NAME  URL  TOKEN\n")
        #expect(
            try run(["list", "--context", "lab"]).output.contains("no context is called \"lab\"; tpuctl context set"))
        #expect(try run(["context", "set", "lab", "--url", url]).output == "the context lab is set\n")
        #expect(try run(["context", "set", "off", "--url", "http://127.0.0.1:1"]).status == 0)
        #expect(try run(["list"]).output.hasPrefix("ID"))
        #expect(try run(["list", "--context", "off"]).status == 3)
        #expect(try run(["context", "use", "off"]).output == "the context is off\n")
        #expect(try run(["list"]).status == 3 && run(["list", "--context", "lab"]).status == 0)
        // What is said wins over a context, though one that is named must be there.
        #expect(try run(["list", "--url", url]).status == 0)
        #expect(try run(["list"], environment: ["TPUD_URL": url]).status == 0)
        #expect(try run(["list", "--context", "none"], environment: ["TPUD_URL": url]).status == 4)
        let list = try run(["context", "list"]).output
        #expect(list.contains("         lab   \(url)") && list.contains("*        off   http://127.0.0.1:1"))
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try run(["context", "remove", "off"]).status == 0 && run(["context", "remove", "off"]).status == 4)
        #expect(try !run(["context", "list"]).output.contains("*"))
        let missing = try run(["context", "use", "x"])
        #expect(missing.status == 4 && missing.output.contains("there are lab"), "\(missing.output)")
    }

    /// A context's token goes to its own daemon alone, and is shown nowhere.
    @Test func aContextsTokenIsForItsDaemon() throws {
        defer { try? FileManager.default.removeItem(atPath: home) }
        let tokens = "\(home)/tokens"
        let made = try Binary.run(
            "/bin/sh", ["-c", "\(Binary.tpud) token add --role viewer --name v --file \(tokens) 2> /dev/null"])
        let token = made.output.trimmingCharacters(in: .newlines)
        let daemon = try DaemonProcess(["--workers", "0", "--tokens", tokens])
        let url = "http://127.0.0.1:\(daemon.port)"
        #expect(try run(["context", "set", "lab", "--url", url, "--token-stdin"], input: token + "\n").status == 0)
        #expect(try run(["list"]).status == 0)
        #expect(try run(["list"], environment: ["TPUD_TOKEN": "tpud_wrong"]).status == 4)
        // Another address, even that of the same daemon, does not get it.
        #expect(try run(["list", "--url", url]).output.contains("401"))
        #expect(try run(["list"], environment: ["TPUD_URL": url]).output.contains("401"))
        let shown = try run(["context", "list"]).output
        #expect(shown.contains("kept here") && !shown.contains(token))
        try token.write(toFile: "\(home)/token", atomically: false, encoding: .utf8)
        #expect(try run(["context", "set", "lab", "--token-file", "\(home)/token"]).status == 0)
        #expect(try run(["list"]).status == 0 && run(["context", "list"]).output.contains("\(home)/token"))
        #expect(try !String(contentsOfFile: file, encoding: .utf8).contains(token))
        #expect(try run(["context", "set", "lab", "--no-token"]).status == 0 && run(["list"]).status == 4)
    }

    @Test(arguments: [
        ("contexts: {lab: {url: 'http://h', token: tpud_secret, tokn: x}}", "/contexts/lab/tokn is not a known field"),
        ("current: lab\ncontexts: {}", "/current must be the name of a context, not \"lab\""),
        ("contexts: {lab: {token: tpud_secret}}", "/contexts/lab/url is required"),
        ("contexts: {lab: {url: u, token: tpud_secret, token_file: f}}", "must not be there beside token_file"),
        ("contexts: [", "is not YAML"), ("- 1", "must be an object"), ("a: 1\n---\nb: 1", "has 2 documents"),
    ])
    func aWrongFileIsExplained(text: String, words: String) throws {
        defer { try? FileManager.default.removeItem(atPath: home) }
        try FileManager.default.createDirectory(atPath: "\(home)/.config/tpud", withIntermediateDirectories: true)
        try text.write(toFile: file, atomically: false, encoding: .utf8)
        chmod(file, 0o600)
        let (status, output) = try run(["list"])
        #expect(status == 2 && output.contains(words), "\(output)")
        #expect(!output.contains("tpud_secret"))
        #expect(try run(["context", "set", "x", "--url", "http://h"]).status == 2)
        chmod(file, 0o640)
        #expect(try run(["list"]).output.contains("chmod 600"))
    }

    @Test func whatCanNotBeAContextIsRefused() throws {
        defer { try? FileManager.default.removeItem(atPath: home) }
        for arguments in [
            ["set", "lab"], ["set", "lab", "--url", "ftp://h"], ["set", "", "--url", "http://h"],
            ["set", "lab", "--url", "http://h", "--token-file", "f", "--no-token"], ["use"], ["fly"],
        ] {
            #expect(try run(["context"] + arguments).status == 2, "\(arguments)")
        }
        #expect(try run(["context", "set", "lab", "--url", "http://h", "--token-stdin"], input: "a b\n").status == 2)
        #expect(!FileManager.default.fileExists(atPath: file))
    }

    // MARK: YAML

    /// Free values go through the daemon as they are: what YAML says is what JSON says.
    @Test(arguments: [
        (
            "{a: 1, b: -2.5, c: 1e3, d: 0x1f, e: 0o17, f: 007, g: +3, h: .5, i: 2., j: 1.5e-3}",
            "{\"a\":1,\"b\":-2.5,\"c\":1e3,\"d\":31,\"e\":15,\"f\":7,\"g\":3,\"h\":0.5,\"i\":2,\"j\":1.5e-3}"
        ),
        (
            "{a: no, b: 'true', c: true, d: ~, e: null, f: \"1\", g: yes, h: on, i: '', j: 1_000, k: 1.2.3}",
            "{\"a\":\"no\",\"b\":\"true\",\"c\":true,\"d\":null,\"e\":null,\"f\":\"1\",\"g\":\"yes\",\"h\":\"on\",\"i\":\"\",\"j\":\"1_000\",\"k\":\"1.2.3\"}"
        ),
        (
            "\n    list:\n    - x\n    - [1, {y: z}]\n    text: |\n      two\n      lines\n    same: &a {q: 1}\n    again: *a\n",
            "{\"list\":[\"x\",[1,{\"y\":\"z\"}]],\"text\":\"two\\nlines\\n\",\"same\":{\"q\":1},\"again\":{\"q\":1}}"
        ),
    ])
    func yamlIsSubmitted(yaml: String, json: String) throws {
        defer { try? FileManager.default.removeItem(atPath: home) }
        let daemon = try DaemonProcess(["--workers", "0"])
        let place = "\(home)/job.yaml"
        // JSON is YAML, too.
        let spec = Jobs.tiny().text
        let text =
            "# a job\nparams: \(yaml)\n" + "name: from-yaml\n"
            + (Jobs.tiny().object ?? [:]).filter { $0.key != "name" }.map { "\($0.key): \($0.value.text)\n" }.joined()
        try text.write(toFile: place, atomically: false, encoding: .utf8)
        let url = ["--url", "http://127.0.0.1:\(daemon.port)"]
        let (status, output) = try run(["submit", place] + url)
        #expect(status == 0, "\(output)")
        let params = try daemon.json("/v1/jobs/\(output.trimmingCharacters(in: .newlines))")["spec"]?["params"]
        #expect(try params == JSON(parsing: json), "\(params?.text ?? "")")
        #expect(try run(["submit", "-", "--set", "name=piped"] + url, input: text).status == 0)
        #expect(try run(["submit", "-"] + url, input: "  \n" + spec).status == 0)
        #expect(try daemon.json("/v1/jobs?name=piped")["jobs"]?.array?.count == 1)
    }

    @Test(arguments: [
        ("a: [1", "is not YAML"), ("a: 1\na: 2", "is not YAML"), ("a: .inf", "line 1: has .inf, which is not a number"),
        ("? [x]\n: 1", "line 1: has a name that is not a string"), ("a: 1\n---\nb: 2", "has 2 documents"),
        ("- 1", "is not a job"),
    ])
    func aFaultOfYAMLIsToldWithItsFile(text: String, words: String) throws {
        defer { try? FileManager.default.removeItem(atPath: home) }
        let place = "\(home)/job.yml"
        try text.write(toFile: place, atomically: false, encoding: .utf8)
        let (status, output) = try run(["submit", place, "--url", "http://127.0.0.1:1"])
        #expect(status == 2 && output.contains("\(place): ") && output.contains(words), "\(output)")
    }

    /// What is shown as YAML is what the server says, and goes back in the same way.
    @Test func answersAreShownAsYAML() throws {
        defer { try? FileManager.default.removeItem(atPath: home) }
        let daemon = try DaemonProcess(["--workers", "0"])
        var spec = Jobs.tiny(name: "no")
        let odd: JSON = [
            "yes": "on", "1": "1", "e": "1e5", "empty": "", "blank": " a ", "colon": "a: b", "hash": "a #b",
            "dash": "-",
            "star": "*a", "lines": "a\nb\n", "quote": "\"'\\", "wide": "é 日本 \u{1F600}", "tab": "\t", "tilde": "~",
            "small": 1e-9, "large": 1.5e300, "whole": 9_007_199_254_740_991, "none": .null, "flag": false, "list": [],
            "object": [:], "nested": [["a": [[1, 2], []]], "x"], "path": "/a/b.c", "date": "2026-01-31",
        ]
        spec["params"] = odd
        let id = try daemon.submit(spec)
        let url = ["--url", "http://127.0.0.1:\(daemon.port)"]
        let yaml = try run(["get", id, "--output", "yaml"] + url)
        #expect(
            yaml.status == 0 && yaml.output.contains("\nstate: QUEUED\n") && yaml.output.contains("\nname: \"no\"\n"))
        let stored = try daemon.json("/v1/jobs/\(id)/spec")
        // The specification's part of it, submitted again.
        let lines = yaml.output.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex(of: "spec:")) + 1
        let part = lines[start...].prefix { $0.hasPrefix(" ") || $0.isEmpty }.joined(separator: "\n")
        let again = try run(["submit", "-"] + url, input: part)
        #expect(again.status == 0, "\(again.output)")
        var copy = try daemon.json("/v1/jobs/\(again.output.trimmingCharacters(in: .newlines))/spec")
        #expect(stored["params"] == odd)
        // Written with a point now, and the same numbers.
        for name in ["small", "large"] {
            #expect(copy["params"]?[name]?.double == odd[name]?.double)
            copy["params"]?[name] = odd[name]
        }
        #expect(copy == stored)
        for arguments in [["list"], ["queue"], ["topology"], ["events", id], ["diff", id, id], ["attempts", id]] {
            let (status, output) = try run(arguments + ["--output", "yaml"] + url)
            #expect(status == 0 && !output.isEmpty, "\(arguments)")
        }
    }

    // MARK: What make install adds

    @Test(arguments: ["bash", "zsh", "fish"]) func completionsKnowEveryCommand(shell: String) throws {
        for (program, words) in [
            (Binary.tpuctl, ["submit", "context", "--token-file"]), (Binary.tpud, ["serve", "token"]),
        ] {
            let (status, output) = try Binary.run(program, ["--generate-completion-script", shell])
            #expect(status == 0)
            for word in words { #expect(output.contains(word.replacing("--", with: "")), "\(shell) \(word)") }
        }
    }

    /// Each command and each of its options has its entry, and roff has nothing to say against it.
    @Test(arguments: [
        ("tpuctl", 1, ["submit", "context set", "host"]), ("tpud", 8, ["serve", "token add", "backup"]),
    ])
    func theManPageHasEveryCommand(name: String, section: Int, commands: [String]) throws {
        let program = name == "tpud" ? Binary.tpud : Binary.tpuctl
        let page = try Binary.run(".ci/man-page", [program, "\(section)"], in: ProjectFiles.root)
        #expect(page.status == 0 && page.output.hasPrefix(".TH \(name.uppercased()) \(section)"), "\(page.output)")
        for command in commands { #expect(page.output.contains(".SS \(name) \(command)"), "\(command)") }
        let dump = try JSON(parsing: try Binary.run(program, ["--experimental-dump-help"]).output)
        func options(_ command: JSON) -> Set<String> {
            let names = (command["arguments"]?.array ?? []).filter { $0["shouldDisplay"] == true }.flatMap {
                $0["names"]?.array ?? []
            }
            let own = names.filter { $0["kind"] == "long" }.compactMap { $0["name"]?.string }
            return (command["subcommands"]?.array ?? []).filter { $0["shouldDisplay"] == true }
                .reduce(Set(own)) { $0.union(options($1)) }
        }
        let all = options(try #require(dump["command"]))
        #expect(all.count > 10)
        for option in all { #expect(page.output.contains("\\-\\-" + option.replacing("-", with: "\\-")), "\(option)") }
        #expect(page.output.split(separator: "\n").allSatisfy { $0.first != "'" })
        guard FileManager.default.fileExists(atPath: "/usr/bin/groff") else { return }
        let place = "\(home)/\(name).\(section)"
        defer { try? FileManager.default.removeItem(atPath: home) }
        try page.output.write(toFile: place, atomically: false, encoding: .utf8)
        let lint = try Binary.run("/usr/bin/groff", ["-man", "-ww", "-z", "-Tutf8", place])
        #expect(lint.status == 0 && lint.output.isEmpty, "\(lint.output)")
    }
}
