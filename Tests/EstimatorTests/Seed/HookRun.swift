import Estimator
import Formats
import OrderedCollections
import Testing

/// The infeed/outfeed hook alone, taken through its phases.
struct HookRun {
    private let hook: InfeedOutfeedSessionHook
    private let session: ScriptedSession
    private let log = TraceLog()
    private let iterations: [Int]
    private let hasOutfeed: Bool

    init(_ input: JSON) throws {
        let context = TPUContext(
            config: RunConfig(tpuConfig: try TPUConfig(tpuJobName: try input.optionalString("master_job"))),
            trainBatchSize: 8, evalBatchSize: 8
        ).withMode(try input.mode())
        let enqueue = try #require(try input.optionalStrings("enqueue_ops"))
        let dequeue = try input.optionalStrings("dequeue_ops")
        hasOutfeed = dequeue != nil
        iterations = try input.ints("iterations")
        hook = try InfeedOutfeedSessionHook(
            context: context, enqueueOperations: enqueue.map { SessionOperation($0) },
            dequeueOperations: dequeue?.map { SessionOperation($0) }, tracer: log.tracer)
        var failures: [TraceThread: Int] = [:]
        let threads: [String: TraceThread] = [
            "main": .caller, "infeed": .worker(.infeed), "outfeed": .worker(.outfeed),
        ]
        for (name, number) in input["fail_on_run"]?.object ?? [:] {
            let thread = try #require(threads[name])
            let run: Int = try #require(number.int)
            failures[thread] = run
        }
        session = ScriptedSession(tracer: log.tracer, failures: failures)
    }

    func observe() throws -> Observed {
        var phases: [Observed] = []
        /// Runs one phase; false: it failed.
        func phase(_ name: String, _ body: () throws -> Void) -> Bool {
            let before = log.events(of: .caller).count
            var members: [String: Observed] = ["phase": .string(name)]
            do { try body() } catch { members["error"] = .failure(error) }
            members["events"] = .list(log.events(of: .caller).dropFirst(before).map(\.observed))
            phases.append(.object(members))
            return members["error"] == nil
        }

        _ = phase("begin") { try hook.begin(VariableScope(tracer: log.tracer)) }
        if phase("after_create_session", { try hook.sessionCreated(session) }) {
            for value in iterations {
                session.variables.assign(Int64(value), to: .iterationsPerLoop)
                _ = phase("before_run") { _ = try hook.beforeRun(SessionRunContext(session: session)) }
            }
            _ = phase("end") { try hook.end(session) }
        }
        return .object([
            "phases": .list(phases),
            "infeed": side(.infeed, hook.infeed),
            "outfeed": hasOutfeed ? side(.outfeed, hook.outfeed) : .null,
            "session_close_calls": .int(log.closes),
        ])
    }

    private func side(_ kind: FeedKind, _ controller: FeedController?) -> Observed {
        .object([
            "runs": .int(log.runs(of: .worker(kind))), "log": log.lines(of: .worker(kind)),
            "uncaught": controller?.uncaught ?? .null,
        ])
    }
}
