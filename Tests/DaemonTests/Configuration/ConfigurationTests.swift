import Daemon
import Foundation
import HTTP
import Jobs
import TestSupport
import Testing

@Suite struct ConfigurationTests {
    private let loader = ConfigurationLoader(cores: 4)

    @Test func defaultsSuffice() throws {
        let configuration = try loader.load([])
        #expect(configuration.listen == .tcp(host: "127.0.0.1", port: 8470))
        #expect(configuration.socket == nil)
        #expect(try configuration.pod == Pod(parsing: "v2-8"))
        #expect(configuration.workers == 4)
        #expect(configuration.threadsPerWorker == 1)
        #expect(configuration.maxBodyBytes == 32 << 20)
    }

    @Test func theShippedFileIsTheManifest() throws {
        let file = try String(contentsOf: ProjectFiles.root.appending(path: "etc/tpud.yaml"), encoding: .utf8)
        #expect(file == Setting.exampleFile)
        #expect(try loader.load([.file(text: file, name: "tpud.yaml")]) == loader.load([]))
    }

    @Test func everyKeyIsOnceInTheManifest() {
        #expect(Set(Setting.all.map(\.key)).count == Setting.all.count)
        for setting in Setting.all {
            #expect(setting.key.utf8.allSatisfy { (97...122).contains($0) || $0 == 95 })
            #expect(setting.documentation.hasSuffix("."))
        }
    }

    @Test func laterSourcesWin() throws {
        let configuration = try loader.load([
            .file(text: "pod: v3-32\nworkers: 2\nqueue_limit: 7\nsocket: /run/a\ndata_roots: [/x]\n", name: "f"),
            .environment([
                "TPUD_WORKERS": "3", "TPUD_QUEUE_LIMIT": "8", "TPUD_SOCKET": "", "HOME": "/", "TPUD_URL": "u",
            ]),
            .flags(["queue_limit": ["9"], "data_roots": ["/y", "/z"]]),
        ])
        #expect(try configuration.pod == Pod(parsing: "v3-32"))
        #expect(configuration.workers == 3)
        #expect(configuration.threadsPerWorker == 1)
        #expect(configuration.queueLimit == 9)
        #expect(configuration.socket == nil)
        #expect(configuration.dataRoots == ["/y", "/z"])
    }

    @Test(arguments: [
        ("worker: 1", "f:1: worker: is not a setting; did you mean workers?"),
        ("a: 1\n\nzzzzzzzzzzzz: 2", "f:3: zzzzzzzzzzzz: is not a setting"),
        ("workers: 1025", "f:1: workers: '1025' is not a whole number from 0 to 1024, or null"),
        ("workers: +5", "is not a whole number"), ("workers: 007", "is not a whole number"),
        ("workers: 0x10", "is not a whole number"), ("workers: 1e2", "is not a whole number"),
        ("workers: \"4\"", "must be a number without quotes"), ("workers: [1]", "must be a whole number"),
        ("workers: {a: 1}", "must be a whole number"), ("workers: true", "is not a whole number"),
        ("idle_timeout_seconds: .inf", "is not seconds"), ("idle_timeout_seconds: -1", "is not seconds"),
        ("idle_timeout_seconds: 5.", "is not seconds"), ("idle_timeout_seconds: null", "is empty"),
        ("log_level: loud", "is not one of trace"), ("data_roots: /x", "must be a list"),
        ("data_roots: [null]", "every entry must be a path"), ("- a", "must be one mapping"),
        ("pod: x", "'x' is not a pod"), ("pod: v2-9", "is not a pod"), ("listen: nonsense", "is not a host and port"),
        ("listen: \"300.1.1.1:80\"", "is not a host and port"),
        ("listen: \"tpud.example:80\"", "is not a host and port"),
        ("pod: null", "is empty"), ("listen: null", "neither listen nor socket"), ("pod: [", "is not YAML"),
        ("pod: a\npod: b", "is not YAML"),
        ("heartbeat_seconds: 20\nstall_timeout_seconds: 30", "less than two heartbeats"),
    ]) func badFilesAreRefused(text: String, words: String) {
        let error = #expect(throws: ConfigurationError.self) { try loader.load([.file(text: text, name: "f")]) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test func everyFaultIsToldAtOnce() {
        let error = #expect(throws: ConfigurationError.self) {
            try loader.load([
                .file(text: "a: 1\nworkers: x", name: "f"),
                .environment(["TPUD_WORKRES": "1", "TPUD_LISTEN_": "x", "TPUD_POD": ""]),
                .flags(["workers": ["-1"], "nothing": ["1"]]),
            ])
        }
        #expect(error?.faults.count == 7, "\(error?.description ?? "")")
        #expect(error?.faults.contains { $0.detail.contains("did you mean TPUD_WORKERS?") } == true)
    }

    @Test(arguments: ["", "# nothing\n", "---\n", "null\n"]) func anEmptyFileChangesNothing(text: String) throws {
        #expect(try loader.load([.file(text: text, name: "f")]) == loader.load([]))
    }

    @Test func aReloadSwapsWhatMayChange() throws {
        let old = try loader.load([])
        let new = try loader.load([.file(text: "queue_limit: 5\npod: v3-32\nlisten: '[::1]:1'", name: "f")])
        let (merged, restart) = old.reloaded(with: new)
        #expect(merged.queueLimit == 5)
        #expect(merged.pod == old.pod)
        #expect(restart == ["listen", "pod"])
        #expect(old.reloaded(with: old).needRestart.isEmpty)
    }
}

extension ConfigurationTests {
    @Test func nullGoesByTheMachine() throws {
        let configuration = try loader.load([.file(text: "workers: 0\nmax_unclean_starts: 0", name: "f")])
        #expect(configuration.workers == 0 && configuration.threadsPerWorker == 4 && configuration.checkers == 2)
        #expect(configuration.workerMemoryBytes == nil && configuration.maxUncleanStarts == nil)
        #expect(try ConfigurationLoader(cores: 1).load([]).checkers == 1)
    }

    @Test func dataRootsThatAreNoFoldersAreFound() throws {
        let file = ProjectFiles.root.appending(path: "README.md").path
        let roots = [ProjectFiles.root.path, file, "/nowhere/at/all"]
        let configuration = try loader.load([.flags(["data_roots": roots])])
        #expect(configuration.missingDataRoots == [file, "/nowhere/at/all"])
    }
}
