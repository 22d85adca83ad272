import Reactor
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct EventLoopExecuteTests {
    private struct Failure: Error {}

    @Sendable private static func fail() async throws -> Int { throw Failure() }

    /// Runs `body` as a task of the first of two reactors.
    private func withTwo(_ body: @escaping @Sendable (EventLoop, EventLoop) async throws -> Void) async throws {
        let group = try ReactorGroup(2)
        defer { group.stop() }
        let (first, second) = (group.reactors[0], group.reactors[1])
        try await Task(executorPreference: first) { try await body(first, second) }.value
    }

    @Test func theBodyRunsThereAndItsCallerGoesOnWhereItWas() async throws {
        try await withTwo { here, there in
            for _ in 0..<100 {
                let wasThere = try await there.execute {
                    let before = there.isOnReactor
                    await Task.yield()
                    return before && there.isOnReactor
                }
                #expect(wasThere)
                #expect(here.isOnReactor)
                let isHere = try await here.execute { here.isOnReactor }
                #expect(isHere)
            }
        }
    }

    /// Also out of a task that has run in its caller's turn so far.
    @Test func aTaskThatBeganAtOnceGoesThere() async throws {
        try await withTwo { here, there in
            let task = await here.call {
                Task.immediate(executorPreference: here) {
                    (here.isOnReactor, try await there.execute { there.isOnReactor }, here.isOnReactor)
                }
            }
            let places = try await task.value
            #expect(places.0 && places.1 && places.2)
        }
    }

    @Test func errorsComeBack() async throws {
        try await withTwo { here, there in
            for reactor in [here, there] {
                await #expect(throws: Failure.self) { try await reactor.execute(Self.fail) }
            }
        }
    }

    @Test func whoeverIsCancelledCancelsIt() async throws {
        try await withTwo { _, there in
            let began = Atomic(false)
            let task = Task {
                try await there.execute {
                    began.store(true, ordering: .relaxed)
                    while !Task.isCancelled { await Task.yield() }
                    return "cancelled"
                }
            }
            while !began.load(ordering: .relaxed) { await Task.yield() }
            task.cancel()
            let end = try await task.value
            #expect(end == "cancelled")
        }
    }
}
