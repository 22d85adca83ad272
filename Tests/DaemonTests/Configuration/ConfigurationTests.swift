import Daemon
import HTTP
import Jobs
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

    @Test func nullGoesByTheMachine() throws {
        let configuration = try loader.load([.file(text: "workers: 0\nmax_unclean_starts: 0", name: "f")])
        #expect(configuration.workers == 0 && configuration.threadsPerWorker == 4 && configuration.checkers == 2)
        #expect(configuration.workerMemoryBytes == nil && configuration.maxUncleanStarts == nil)
        #expect(try ConfigurationLoader(cores: 1).load([]).checkers == 1)
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

    /// Only what is marked so changes in a running daemon; of everything else that changed the key is told.
    @Test func aReloadIsByTheManifest() throws {
        let old = try loader.load([])
        var changed = 0
        for setting in Setting.all {
            let text =
                switch setting.kind {
                case .integer(let range, _): "\(min(range.upperBound, range.lowerBound + 4))"
                case .integerOrAuto(let range): "\(range.upperBound)"
                case .seconds(let range): "\(min(range.upperBound, max(range.lowerBound, 59)))"
                case .word(let words): words[0]
                case .flag: "true"
                case .pod: "v3-32"
                case .address: "127.0.0.1:9"
                case .paths, .path: "/other"
                case .names: "other"
                case .networks: "10.0.0.0/8"
                case .programs: "other=/other"
                }
            // Some contradict others, and say nothing of a reload.
            guard let new = try? loader.load([.flags([setting.key: [text]])]) else { continue }
            changed += 1
            let (merged, needRestart) = old.reloaded(with: new)
            #expect((merged == old) == !setting.reloadable, "\(setting.key)")
            #expect(needRestart == (setting.reloadable ? [] : [setting.key]))
        }
        #expect(changed > 20)
    }
}
