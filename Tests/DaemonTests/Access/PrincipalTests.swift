import API
import Daemon
import Jobs
import Store
import TestSupport
import Testing

@Suite struct PrincipalTests {
    private func job(of owner: String) -> JobRecord {
        let id = JobID(milliseconds: 1, random: (1, 2))
        return JobRecord(
            NewJob(
                id: id, name: "a", mode: .train, owner: owner, modelDir: "jobs/\(id)", createdAt: .init(seconds: 1),
                spec: "{}"))
    }

    private func principal(_ role: Role, _ name: String) throws -> Principal {
        var generator = SeededGenerator(seed: 5)
        return Principal(
            try Token(BearerToken(using: &generator), role: role, name: name, created: .init(seconds: 1)))
    }

    @Test(
        arguments: [
            (.viewer, "alice", false), (.submitter, "alice", true), (.submitter, "bob", false),
            (.operator, "bob", true), (.admin, "bob", true),
        ] as [(Role, String, Bool)])
    func whoeverMayAskSomethingOfAJob(role: Role, name: String, may: Bool) throws {
        let principal = try principal(role, name)
        #expect(principal.name == name && principal.role == role && principal.token != nil)
        let (own, others) = (job(of: "alice"), job(of: "Alice"))
        if may {
            #expect(throws: Never.self) { try principal.requireRight(to: own) }
        } else {
            let problem = #expect(throws: Problem.self) { try principal.requireRight(to: own) }
            #expect(problem?.status == 403 && problem?.code == "NOT_OWNER")
            #expect(problem?.detail.contains("belongs to alice, and \(name) is \(role.words)") == true)
        }
        // Names are told apart as they are written.
        #expect((try? principal.requireRight(to: others)) != nil || role < .operator)
    }

    @Test func withoutTokensEverybodyMayDoEverything() {
        #expect(Principal.anonymous.name == "anonymous" && Principal.anonymous.role == .admin)
        #expect(throws: Never.self) { try Principal.anonymous.requireRight(to: job(of: "alice")) }
        #expect(Principal(user: 0).name == "uid:0" && Principal(user: 0).role == .admin)
        #expect(Principal(user: 0).token == nil)
    }
}
