import Foundation
import Jobs
import Store
import Testing

@Suite struct JobStoreHostsTests {
    @Test func whatAnOperatorSaidIsThereAfterARestart() async throws {
        var fixture = try TestStore()
        #expect(try await fixture.store.hostStates() == [:])
        for (verb, host) in [(.drain, 1), (.fail, 2), (.fail, 255), (.repair, 255)] as [(HostVerb, Int)] {
            guard case .done(let change) = try await fixture.store.ask(verb, ofHost: host, at: TestStore.time(1)) else {
                Issue.record("there is no key")
                continue
            }
            #expect(change.host == host && verb.action(in: change.from) == .move(change.to))
        }
        let states: [Int: HostState] = [1: .draining, 2: .down, 255: .up]
        #expect(try await fixture.store.hostStates() == states)
        try fixture.store.close()
        let folder = fixture.folder + "-moved"
        try FileManager.default.moveItem(atPath: fixture.folder, toPath: folder)
        fixture = try TestStore(in: folder)
        #expect(try await fixture.store.hostStates() == states)
    }

    @Test func whatIsSoAlreadyChangesNothingAndWhatIsIllegalIsRefused() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        guard case .done(let same) = try await store.ask(.undrain, ofHost: 0, at: TestStore.time(1)) else {
            Issue.record("there is no key")
            return
        }
        #expect(same == HostChange(host: 0, from: .up, to: .up))
        #expect(try await store.hostStates() == [:])
        _ = try await store.ask(.fail, ofHost: 0, at: TestStore.time(2))
        await #expect(throws: StoreError.illegalHostVerb(host: 0, .down)) {
            try await store.ask(.drain, ofHost: 0, at: TestStore.time(3))
        }
        await #expect(throws: StoreError.self) { try await store.ask(.drain, ofHost: 256, at: TestStore.time(3)) }
        #expect(try await store.hostStates() == [0: .down])
    }

    @Test func aKeyIsAnsweredAgainForADay() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        func ask(_ verb: HostVerb, _ key: String, at seconds: Int) async throws -> String {
            let promise = ReplyPromise<HostChange>(ReplyKey(scope: "o /v1/hosts/0", key: key, digest: "")) {
                KeptReply(status: 202, body: Array($0.to.rawValue.utf8))
            }
            return switch try await store.ask(verb, ofHost: 0, at: TestStore.time(seconds), promise: promise) {
            case .done(let change): "done \(change.to.rawValue)"
            case .earlier(let reply): "earlier \(String(decoding: reply.body, as: UTF8.self))"
            case .conflict: "conflict"
            }
        }
        #expect(try await ask(.fail, "a", at: 0) == "done DOWN")
        #expect(try await ask(.repair, "b", at: 10) == "done UP")
        #expect(try await ask(.fail, "a", at: 20) == "earlier DOWN")
        #expect(try await store.hostStates() == [0: .up])
        // Older than a day, it goes with the next one.
        #expect(try await ask(.drain, "c", at: 86_405) == "done DRAINING")
        #expect(try await ask(.fail, "a", at: 86_406) == "done DOWN")
        #expect(try await ask(.repair, "b", at: 86_407) == "earlier UP")
    }
}
