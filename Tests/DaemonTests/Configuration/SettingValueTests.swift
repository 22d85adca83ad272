import Daemon
import HTTP
import Jobs
import Testing
import TestSupport

@Suite struct SettingValueTests {
    /// Each kind with texts that it takes and texts that it does not.
    private static let kinds: [(SettingKind, good: [(String, SettingValue)], bad: [String])] = [
        (
            .path(optional: false), [("relative/x", .text("relative/x")), ("a b", .text("a b"))],
            ["", "/a\u{0}", "a\u{0}b"]
        ),
        (.path(optional: true), [("", .none), ("a", .text("a"))], ["\u{0}"]),
        (
            .address(optional: true),
            [
                ("", .none), ("127.0.0.1:0", .address(.tcp(host: "127.0.0.1", port: 0))),
                ("[::1]:65535", .address(.tcp(host: "::1", port: 65_535))),
            ],
            ["127.0.0.1", ":80", "127.0.0.1:65536", "::1:80", "127.0.0.1:+80", "host.example:80", "1.2.3:80"]
        ),
        (.address(optional: false), [], [""]),
        (.pod, [], ["", "v2-9", "8x"]),
        (.paths, [("", .list([])), ("/a:/b", .list(["/a", "/b"])), (":/a:", .list(["/a"]))], ["/a\u{0}"]),
        (
            .names, [("", .list([])), ("a.example,b-c_d", .list(["a.example", "b-c_d"])), ("*", .list(["*"]))],
            ["a.example:80", "http://a", "a b", "a,b c", "é"]
        ),
        (
            .networks, [("", .list([])), ("10.1.0.0/16,::1", .list(["10.1.0.0/16", "::1"]))],
            ["10.1.0.1/16", "localhost", "10.0.0.0/8 ,::1", "*"]
        ),
        (
            .programs,
            [
                ("", .list([])), ("b=/x,a.b-c_1=/y=z", .list(["a.b-c_1=/y=z", "b=/x"])),
                ("\(String(repeating: "a", count: 63))=/", .list(["\(String(repeating: "a", count: 63))=/"])),
            ],
            [
                "/x", "a", "=/x", "a=", "a=x", "a b=/x", "a/b=/x", "é=/x", "a=/x,a=/y",
                "\(String(repeating: "a", count: 64))=/x", "a=/\u{0}",
            ]
        ),
        (.flag, [("true", .flag(true)), ("false", .flag(false))], ["", "True", "1", "yes", " true"]),
        (
            .integer(-5...5, optional: false), [("-5", .integer(-5)), ("0", .integer(0)), ("5", .integer(5))],
            ["", "-6", "6", "+5", "05", "-0", "5.0", "0x5", "1e0", " 5", "99999999999999999999", "-"]
        ),
        (.integer(1...5, optional: true), [("", .none), ("1", .integer(1))], ["0"]),
        (
            .seconds(0.1...60), [("0.1", .seconds(0.1)), ("60", .seconds(60)), ("1.50", .seconds(1.5))],
            ["", "0.09", "60.1", "5.", ".5", "1e1", "+1", "-1", "inf", "nan", "1.2.3", "1,5"]
        ),
        (.word(["a", "b"]), [("a", .text("a"))], ["", "A", "c", "a,b"]),
    ]

    @Test func whatEachKindTakes() throws {
        for (kind, good, bad) in Self.kinds {
            for (text, value) in good { #expect(try kind.value(of: text) == value, "\(kind): \(text)") }
            for text in bad {
                let error = #expect(throws: SettingError.self, "\(kind): \(text)") { try kind.value(of: text) }
                #expect(error?.detail.isEmpty == false)
            }
        }
    }

    @Test func aRefusalSaysWhatIsTakenInstead() {
        func detail(_ kind: SettingKind, _ text: String) -> String? {
            do throws(SettingError) {
                _ = try kind.value(of: text)
                return nil
            } catch {
                return error.detail
            }
        }
        #expect(detail(.integer(0...9, optional: false), "x") == "'x' is not a whole number from 0 to 9")
        #expect(detail(.integer(0...9, optional: true), "10") == "'10' is not a whole number from 0 to 9, or null")
        #expect(detail(.seconds(0.5...2), "3") == "'3' is not seconds from 0.5 to 2.0")
        #expect(detail(.word(["a", "b"]), "c") == "'c' is not one of a, b")
        #expect(detail(.flag, "1") == "must be true or false")
        #expect(detail(.programs, "a=bin/x") == "a: 'bin/x' is not an absolute path")
        #expect(detail(.programs, "a=/x,a=/y") == "'a' is there twice")
        #expect(detail(.path(optional: false), "") == "is empty; it takes a path")
    }

    /// A whole number is taken exactly when it is in the range and is written as it writes itself.
    @Test(arguments: UInt64(0)..<10)
    func wholeNumbersHaveOneWayToBeWritten(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let text = String(
                (0..<1 + generator.below(4)).map { _ in "0123456789-+".randomElement(using: &generator) ?? "0" })
            let value = try? SettingKind.integer(-50...5000, optional: false).value(of: text)
            let number = Int(text).flatMap { (-50...5000).contains($0) && "\($0)" == text ? $0 : nil }
            #expect(value == number.map(SettingValue.integer), "seed \(seed): \(text)")
        }
    }

    @Test(arguments: ["v2-8", "v3-32", "2h4c"]) func aPodIsRead(name: String) throws {
        #expect(try SettingKind.pod.value(of: name) == .pod(Pod(parsing: name)))
    }
}
