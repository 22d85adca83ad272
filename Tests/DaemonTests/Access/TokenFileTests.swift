import API
import Daemon
import Jobs
import TestSupport
import Testing

@Suite struct TokenFileTests {
    private static let hash = "sha256:" + String(repeating: "0a", count: 32)
    private static let time = "2026-01-31T12:00:00Z"
    private static let line = "0123abcd viewer alice \(hash) \(time)"

    private func faults(_ text: String) -> [TokenFileError.Fault] {
        do throws(TokenFileError) {
            _ = try TokenFile(text: text, path: "t")
            return []
        } catch {
            guard case .malformed("t", let faults) = error else { return [] }
            return faults
        }
    }

    @Test func linesAreTokensAndTheRestStaysAsItIs() throws {
        let text = "# ours\n\n\(Self.line)\n  # the end\n"
        var file = try TokenFile(text: text, path: "t")
        let token = try #require(file.tokens.first)
        #expect(file.tokens.count == 1)
        #expect(token.id == "0123abcd" && token.role == .viewer && token.name == "alice")
        #expect(token.digest == [UInt8](repeating: 0x0a, count: 32))
        #expect(file.text == text.replacing(Self.time, with: "2026-01-31T12:00:00.000Z"))
        #expect(try TokenFile(text: file.text, path: "t") == file)
        #expect(file.remove("00000000") == nil)
        #expect(file.remove("0123abcd") == token)
        #expect(file.text == "# ours\n\n  # the end\n")
        #expect(file.add(token) && !file.add(token))
        #expect(file.text == "# ours\n\n  # the end\n\(token.line)\n")
    }

    /// Tabs and several blanks divide fields as well, and the last line may have no end.
    @Test(arguments: ["\t\(line)", line.replacing(" ", with: "\t  "), line + "\n\n", "# c\r\n\(line)\r\n"])
    func blanksAreOfNoMatter(text: String) throws {
        #expect(try TokenFile(text: text, path: "t").tokens.map(\.name) == ["alice"])
    }

    @Test(
        arguments: [
            ("0123abcd", nil), ("\(line) more", nil), (line.replacing("0123abcd", with: "0123ABCD"), "id"),
            (line.replacing("0123abcd", with: "0123abc"), "id"), (line.replacing("viewer", with: "Viewer"), "role"),
            (line.replacing("viewer", with: "root"), "role"), (line.replacing("alice", with: "al:ice"), "name"),
            (line.replacing("alice", with: "anonymous"), "name"), (line.replacing("sha256:", with: "md5:"), "digest"),
            (line.replacing("sha256:", with: ""), "digest"), (line.replacing(hash, with: hash + "0"), "digest"),
            (line.replacing(hash, with: hash.dropLast() + "G"), "digest"), (line.replacing(time, with: "now"), "time"),
            (line.replacing("-31T", with: "-32T"), "time"),
        ] as [(String, String?)])
    func aMalformedLineIsToldByItsNumberAndField(text: String, field: String?) {
        let faults = faults("# comment\n\(text)\n")
        #expect(faults.map(\.line) == [2] && faults.map(\.field) == [field], "\(faults)")
    }

    @Test func everyFaultIsToldAtOnce() {
        let text = "\(Self.line)\nx y z: 1 2\n\(Self.line)\n"
        let faults = faults(text)
        #expect(faults.map(\.line) == [2, 2, 2, 2, 2, 3])
        #expect(faults.map(\.field) == ["id", "role", "name", "digest", "time", "id"])
        #expect(faults.last?.detail == "is that of line 1, too")
        let error = TokenFileError.malformed(path: "/t", faults)
        #expect(error.description.split(separator: "\n").count == 6)
        #expect(error.description.contains("/t:2: role: expected viewer, submitter, operator or admin"))
    }

    /// A token that was put where its hash belongs, or anywhere else, is not told to whoever reads the log.
    @Test func noFaultTellsWhatItFound() {
        var generator = SeededGenerator(seed: 3)
        let secret = BearerToken(using: &generator).text
        for text in [secret, Self.line.replacing(Self.hash, with: secret), "a \(secret) b c d", "a b \(secret) c d"] {
            let faults = faults(text)
            #expect(!faults.isEmpty)
            #expect(!TokenFileError.malformed(path: "t", faults).description.contains(secret.suffix(64)))
        }
        #expect(faults(Self.line.replacing(Self.hash, with: secret)).first?.detail.contains("tpud token add") == true)
    }

    @Test func thereIsAnEndToTokens() {
        let lines = (0...TokenFile.mostTokens).map { number in
            Self.line.replacing("0123abcd", with: String(0x1000_0000 + number, radix: 16))
        }
        #expect(throws: TokenFileError.full(path: "t")) {
            try TokenFile(text: lines.joined(separator: "\n"), path: "t")
        }
        #expect(throws: Never.self) { try TokenFile(text: lines.dropFirst().joined(separator: "\n"), path: "t") }
    }

    /// Whatever a file holds is read or refused with its lines, and what is read is written as it is read again.
    @Test func whateverAFileHoldsIsReadOrRefused() throws {
        let seed: UInt64 = .random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            " ", "\t", "\n", "\r", "#", "sha256:", "tpud_", "admin", "0", "g", "é", "\u{0}", ":", "2026-01-31",
        ]
        var good = 0
        for _ in 0..<2_000 {
            var text = Array(("# c\n\(Self.line)\n" + Self.line.replacing("0123abcd", with: "0123abce")).unicodeScalars)
            for _ in 0..<generator.below(4) {
                let place = generator.below(text.count)
                switch generator.below(3) {
                case 0: text.remove(at: place)
                case 1: text.insert(contentsOf: pieces[generator.below(pieces.count)].unicodeScalars, at: place)
                default: text.swapAt(place, generator.below(text.count))
                }
            }
            var string = String.UnicodeScalarView()
            string.append(contentsOf: text)
            do throws(TokenFileError) {
                let file = try TokenFile(text: String(string), path: "t")
                good += 1
                #expect(try TokenFile(text: file.text, path: "t") == file, "seed \(seed)")
            } catch {
                guard case .malformed(_, let faults) = error else {
                    Issue.record("\(error), seed \(seed)")
                    continue
                }
                #expect(faults.allSatisfy { (1...7).contains($0.line) } && !faults.isEmpty, "seed \(seed)")
            }
        }
        #expect((100..<2_000).contains(good), "seed \(seed)")
    }
}
