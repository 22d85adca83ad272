import Testing

/// Each condition that the source refuses is thrown by something: an error that nobody throws promises a check that is
/// not made.
@Suite struct ThrowerTests {
    @Test func everyCaseHasAThrower() throws {
        let type = "EstimatorError"
        let files = try SourceFile.all().filter { !$0.isTest && $0.target == "Estimator" }
        let cases = files.filter { $0.path.hasSuffix("/\(type).swift") }.flatMap { file in
            file.code.compactMap { $0.firstMatch(of: /^    case (\w+)/).map { String($0.1) } }
        }
        #expect(cases.count > 10)
        let others = files.filter { !$0.path.contains("/\(type)") }.flatMap(\.code)
        for name in cases {
            #expect(Self.isThrown(name, in: others), "nothing throws \(type).\(name)")
        }
    }

    @Test func aCaseWithoutThrowerIsFound() {
        #expect(!Self.isThrown("lost", in: ["throw .lostAndFound", "// .lost"]))
        #expect(Self.isThrown("lost", in: ["guard isThere else { throw .lost(name) }"]))
    }

    private static func isThrown(_ name: String, in code: [String]) -> Bool {
        code.contains { line in
            line.matches(of: /\.(\w+)/).contains { $0.1 == name } && !line.hasPrefix("//")
        }
    }
}
