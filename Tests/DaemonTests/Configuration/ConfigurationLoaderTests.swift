import Daemon
import Jobs
import Testing

@Suite struct ConfigurationLoaderTests {
    private let loader = ConfigurationLoader(cores: 4)

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

    /// Cores, workers and threads that are asked for, and what null means then.
    @Test(
        arguments: [
            (1, nil, nil, 1, 1), (4, nil, nil, 4, 1), (16, "4", nil, 4, 4), (16, "5", nil, 5, 3), (4, "16", nil, 16, 1),
            (4, "0", nil, 0, 4), (4, nil, "7", 4, 7),
        ] as [(Int, String?, String?, Int, Int)])
    func nullMeansTheMachinesCores(cores: Int, workers: String?, threads: String?, asked: Int, each: Int) throws {
        var flags: [String: [String]] = [:]
        flags["workers"] = workers.map { [$0] }
        flags["threads_per_worker"] = threads.map { [$0] }
        let configuration = try ConfigurationLoader(cores: cores).load([.flags(flags)])
        #expect((configuration.workers, configuration.threadsPerWorker) == (asked, each))
        #expect(configuration.checkers == min(2, cores))
    }

    @Test(arguments: [
        ("0.0.0.0:80", false), ("[::]:80", false), ("192.168.1.5:80", false), ("127.0.0.1:80", true),
        ("127.9.9.9:80", true), ("[::1]:80", true), ("localhost:80", true),
    ])
    func anAddressThatOthersReachIsAskedFor(listen: String, isTaken: Bool) throws {
        let flags = ["listen": [listen]]
        if isTaken {
            #expect(try loader.load([.flags(flags)]).allowRemote == false)
        } else {
            let error = #expect(throws: ConfigurationError.self) { try loader.load([.flags(flags)]) }
            #expect(error?.faults.map(\.key) == ["listen", "listen"])
            #expect(error?.description.contains("allow_remote") == true)
            #expect(error?.description.contains("tpud token add") == true)
            for (name, value, lack) in [("allow_remote", "true", "tokens"), ("tokens", "/t", "allow_remote")] {
                let flags = flags.merging([name: [value]]) { $1 }
                let error = #expect(throws: ConfigurationError.self) { try loader.load([.flags(flags)]) }
                #expect(error?.faults.count == 1 && error?.description.contains(lack) == true)
            }
        }
        let both = try loader.load([.flags(flags.merging(["allow_remote": ["true"], "tokens": ["/t"]]) { $1 })])
        #expect(both.allowRemote && both.tokens == "/t")
    }

    @Test(arguments: [("1", "2", true), ("1", "1.9", false), ("30", "60", true), ("31", "60", false)])
    func aWorkerHasTwoHeartbeatsBeforeItIsStalled(heartbeat: String, stall: String, isTaken: Bool) {
        let flags = ["heartbeat_seconds": [heartbeat], "stall_timeout_seconds": [stall]]
        let loaded = try? loader.load([.flags(flags)])
        #expect((loaded != nil) == isTaken)
    }
}
