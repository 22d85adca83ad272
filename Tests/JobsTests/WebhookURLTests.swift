import Jobs
import Testing

@Suite struct WebhookURLTests {
    @Test(arguments: [
        ("https://hooks.example", "https://hooks.example", "/"),
        ("https://hooks.example/a/b?c=d&e", "https://hooks.example", "/a/b?c=d&e"),
        ("HTTPS://Hooks.Example:443/A", "https://hooks.example", "/A"),
        ("http://hooks.example:80", "http://hooks.example", "/"),
        ("http://hooks.example:443?x", "http://hooks.example:443", "/?x"),
        ("https://10.0.0.1:8443/", "https://10.0.0.1:8443", "/"), ("http://[::1]:9/x", "http://[::1]:9", "/x"),
        ("http://[::FFFF:1.2.3.4]", "http://[::ffff:1.2.3.4]", "/"),
        ("https://h/%20;@:!$&'()*+,=~", "https://h", "/%20;@:!$&'()*+,=~"),
        ("https://xn--bcher-kva.example./", "https://xn--bcher-kva.example.", "/"),
    ])
    func anAddressIsTakenApart(text: String, origin: String, target: String) throws {
        let url = try WebhookURL(text)
        #expect(url.text == text && url.origin == origin && url.target == target)
    }

    @Test(arguments: [
        ("", "begin with https"), ("ftp://h/", "begin with https"), ("//h/", "begin with https"),
        ("https:/h", "begin with https"), ("javascript:alert(1)", "begin with https"), ("https://", "name a host"),
        ("https:///path", "name a host"), ("https://?x", "name a host"), ("https://h:0/", "port"),
        ("https://h:65536/", "port"), ("https://h:/", "port"), ("https://h:+1/", "port"), ("https://h:1:2/", "port"),
        ("https://[::1", "name a host"), ("https://[]/", "name a host"), ("https://[::1]x/", "port"),
        ("https://[::1%25eth0]/", "name a host"), ("https://a%2eb/", "name a host"), ("https://a,b/", "name a host"),
        ("https://user@h/", "user or a password"), ("https://user:secret@h/", "user or a password"),
        ("https://h/#part", "fragment"), ("https://h\\@evil/", "ASCII"), ("https://h/a b", "ASCII"),
        ("https://bücher.example/", "ASCII"), ("https://h/\u{0}", "ASCII"), ("https://h/\r\nX: y", "ASCII"),
        ("https://h/" + String(repeating: "a", count: 2048), "2048"),
    ])
    func whatIsNotOneIsRefused(text: String, words: String) {
        let fault = #expect(throws: WebhookURL.Fault.self, "\(text)") { try WebhookURL(text) }
        #expect(fault?.detail.contains(words) == true, "\(text): \(fault?.detail ?? "")")
        #expect(fault?.detail.contains("secret") != true)
    }
}
