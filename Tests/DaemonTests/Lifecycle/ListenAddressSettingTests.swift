import Daemon
import HTTP
import Testing

@Suite struct ListenAddressSettingTests {
    @Test(
        arguments: [
            ("127.0.0.1:8470", "127.0.0.1", 8470), ("0.0.0.0:0", "0.0.0.0", 0), ("[::1]:65535", "::1", 65_535),
            ("localhost:80", "127.0.0.1", 80),
        ] as [(String, String, UInt16)])
    func reads(text: String, host: String, port: UInt16) throws {
        guard case .tcp(host: host, port: port)? = ListenAddress(setting: text) else {
            Issue.record("\(text) is read as \(String(describing: ListenAddress(setting: text)))")
            return
        }
    }

    @Test(arguments: [
        "", ":", "127.0.0.1", "127.0.0.1:", ":80", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1", "127.0.0.1:8o",
        "::1:80", "[::1]", "[::1:80", "tpud.example:80", "300.1.1.1:80", "127.0.0.1:٣", "http://127.0.0.1:80", "*:80",
    ])
    func refuses(text: String) { #expect(ListenAddress(setting: text) == nil) }
}
