import Testing

import Daemon

@Suite struct ChildEnvironmentTests {
    @Test func onlyWhatIsOnTheListIsHandedOn() {
        let all = ["PATH": "/bin", "TZ": "UTC", "AWS_SECRET_ACCESS_KEY": "s", "TPUD_LISTEN": "x", "LC_TIME": "C"]
        let environment = ChildEnvironment.make { all[$0] }
        #expect(environment == ["PATH": "/bin", "TZ": "UTC", "LC_TIME": "C", "SWIFT_BACKTRACE": "enable=no"])
    }

    @Test func anOperatorMayWantBacktraces() {
        #expect(
            ChildEnvironment.make { $0 == "SWIFT_BACKTRACE" ? "enable=yes" : nil } == [
                "SWIFT_BACKTRACE": "enable=yes"
            ])
    }
}
