import Daemon
import Testing

@Suite struct SettingTests {
    @Test func everyKeyIsOnceInTheManifest() {
        #expect(Set(Setting.all.map(\.key)).count == Setting.all.count)
        for setting in Setting.all {
            #expect(setting.key.utf8.allSatisfy { (97...122).contains($0) || $0 == 95 })
            #expect(setting.documentation.hasSuffix("."))
        }
    }

    @Test(arguments: [
        ("listen", "TPUD_LISTEN", "--listen"), ("state_dir", "TPUD_STATE_DIR", "--state-dir"),
        // What is repeated is in the singular.
        ("data_roots", "TPUD_DATA_ROOTS", "--data-root"), ("allowed_hosts", "TPUD_ALLOWED_HOSTS", "--allowed-host"),
        ("webhook_networks", "TPUD_WEBHOOK_NETWORKS", "--webhook-network"),
        ("programs", "TPUD_PROGRAMS", "--program"),
    ])
    func eachPlaceHasItsOwnNameForIt(key: String, variable: String, flag: String) throws {
        let setting = try #require(Setting.all.first { $0.key == key })
        #expect((setting.variable, setting.flag) == (variable, flag))
    }

    @Test func noTwoHaveOneName() {
        #expect(Set(Setting.all.map(\.variable)).count == Setting.all.count)
        #expect(Set(Setting.all.map(\.flag)).count == Setting.all.count)
    }
}
