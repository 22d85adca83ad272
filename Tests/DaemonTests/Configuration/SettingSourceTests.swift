import Daemon
import Testing

@Suite struct SettingSourceTests {
    private let loader = ConfigurationLoader(cores: 4)

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
        ("programs: [/x]", "must be a mapping of names to paths"), ("programs: /x", "must be a mapping of names"),
        ("programs: {a: [/x]}", "every entry must be a name and a path"),
        ("programs: {a: x}", "a: 'x' is not an absolute path"), ("programs: {a b: /x}", "'a b' is not a name"),
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

    @Test(arguments: ["", "# nothing\n", "---\n", "null\n"]) func anEmptyFileChangesNothing(text: String) throws {
        #expect(try loader.load([.file(text: text, name: "f")]) == loader.load([]))
    }

    private func faults(_ sources: SettingSource...) -> [ConfigurationError.Fault] {
        do throws(ConfigurationError) {
            _ = try loader.load(sources)
            return []
        } catch {
            return error.faults
        }
    }

    /// Names that others use beside the daemon are let pass; what looks like one of the daemon's is not.
    @Test func theEnvironmentIsReadStrictly() {
        #expect(faults(.environment(["HOME": "/", "TPUD_URL": "x", "TPUD_TOKEN": "y", "tpud_pod": "z"])).isEmpty)
        #expect(
            faults(.environment(["TPUD_PODS": "v2-8"])) == [
                .init(place: "environment", key: "TPUD_PODS", detail: "is not a setting; did you mean TPUD_POD?")
            ])
        #expect(faults(.environment(["TPUD_WORKERS": "many"])).map(\.key) == ["TPUD_WORKERS"])
        #expect(faults(.environment(["TPUD_WORKERS": ""])).isEmpty, "empty is null")
    }

    @Test func listsAreWrittenInEachPlacesOwnWay() throws {
        let file = SettingSource.file(text: "data_roots: [/a, b]\nallowed_hosts: [x.example, '*']", name: "f")
        let environment = SettingSource.environment(["TPUD_DATA_ROOTS": "/a:b", "TPUD_ALLOWED_HOSTS": "x.example,*"])
        let flags = SettingSource.flags(["data_roots": ["/a", "b"], "allowed_hosts": ["x.example", "*"]])
        for source in [file, environment, flags] {
            let configuration = try loader.load([source])
            #expect(configuration.dataRoots == ["/a", "b"])
            #expect(configuration.allowedHosts == ["x.example", "*"])
        }
        #expect(try loader.load([file, .environment(["TPUD_DATA_ROOTS": ""])]).dataRoots.isEmpty)
    }

    @Test func programsAreWrittenInEachPlacesOwnWay() throws {
        let file = SettingSource.file(text: "programs:\n  digits: /opt/digits\n  other: \"/opt/o=1\"", name: "f")
        let environment = SettingSource.environment(["TPUD_PROGRAMS": "other=/opt/o=1,digits=/opt/digits"])
        let flags = SettingSource.flags(["programs": ["digits=/opt/digits", "other=/opt/o=1"]])
        for source in [file, environment, flags] {
            let configuration = try loader.load([source])
            #expect(configuration.programs == ["digits": "/opt/digits", "other": "/opt/o=1"])
        }
        #expect(try loader.load([file]) == loader.load([flags]))
        #expect(try loader.load([.file(text: "programs: null", name: "f")]).programs.isEmpty)
        #expect(faults(.flags(["programs": ["a=/x", "a=/y"]])).map(\.detail) == ["'a' is there twice"])
    }

    /// The folder that the daemon is in is no data root by accident.
    @Test func anEmptyPathIsRefusedInEveryPlace() {
        #expect(faults(.file(text: "data_roots: ['']", name: "f")).map(\.key) == ["data_roots"])
        #expect(faults(.flags(["data_roots": ["/a", ""]])).map(\.key) == ["--data-root"])
        #expect(faults(.flags(["state_dir": [""]])).map(\.key) == ["--state-dir"])
    }

    @Test func theLastFlagWinsAndAnUnknownOneIsNamed() throws {
        #expect(try loader.load([.flags(["workers": ["1", "2"]])]).workers == 2)
        #expect(
            faults(.flags(["worker": ["1"]])) == [
                .init(place: "command line", key: "worker", detail: "is not a setting; did you mean workers?")
            ])
    }

    @Test func aFaultOfAFileHasItsLine() {
        #expect(faults(.file(text: "# one\n\nworkers: x\n", name: "tpud.yaml")).map(\.place) == ["tpud.yaml:3"])
    }
}
