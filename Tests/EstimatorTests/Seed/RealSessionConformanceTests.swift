import Estimator
import Formats
import Testing

/// Cases of `hook_sequence` on the estimator itself: the real session, infeed, outfeed and device loop in place of the
/// scripted ones.
@Suite struct RealSessionConformanceTests {
    @Test func everyCaseThatARealDeviceCanPlay() throws {
        let kinds: [String: (SeedCase) throws -> Observed] = [
            "train_session": train, "eval_session": evaluate, "session": session,
        ]
        try SeedTopic(
            name: "hook_sequence", remark: " on the real session",
            skips: [
                Skip(reason: "construction alone") { kinds[$0.kind] == nil },
                Skip(reason: "the device is told to fail, or to advance otherwise than by its iterations") {
                    $0.input["device_advances"] != nil || $0.input["fail_on_run"] != nil
                },
                Skip(reason: "training that has nothing left to do, which the base estimator returns from") { each in
                    guard let last = each.input["last_step"]?.int, let start = each.input["start_global_step"]?.int
                    else { return false }
                    return last <= start
                },
                Skip(reason: "iterations, operations or a mode that no training of the estimator has") {
                    $0.kind == "session" && Self.loops($0.input) == nil
                },
            ],
            // Read beside the session, where no event tells of it.
            notCompared: SeedTopic.notCompared.union(["eval_step_after"]),
            // The stop hook comes first and creates the iterations variable, which the infeed hook then gets.
            eventsLeftOut: ["create_variable"], kinds: kinds
        ).run()
    }

    private func train(_ each: SeedCase) throws -> Observed {
        let run = try RealRun(
            iterationsPerLoop: try each.input.wholeNumber("iterations_per_loop"),
            globalStep: try each.input.wholeNumber("start_global_step"))
        let result = try run.train(
            steps: try each.input.optionalInt("num_steps"), maxSteps: try each.input.optionalInt("last_step"))
        // The stop hook reads the global step when the session is created and after each loop.
        let steps = run.log.read(.globalStep).dropFirst()
        let loops = zip(run.log.loaded(.iterationsPerLoop), steps).enumerated().map { number, loop -> Observed in
            .object([
                "device_iterations": .int(Int(loop.0)), "global_step_after": .int(Int(loop.1)),
                "stop_requested": .bool(number == steps.count - 1),
            ])
        }
        let created = run.log.records.count { $0.event == .createVariable(.iterationsPerLoop) }
        return .object([
            "signals_to_infeed": .ints(run.log.signals(to: .infeed)), "loops": .list(loops),
            "stopped_by_hook": .bool(result.ending == .finished),
            "total_enqueue_runs": .int(run.log.runs(of: .worker(.infeed))),
            "iterations_variables_created": .int(created),
        ])
    }

    private func evaluate(_ each: SeedCase) throws -> Observed {
        let run = try RealRun(iterationsPerLoop: 2)
        let result = try run.evaluate(steps: try each.input.wholeNumber("steps"))
        #expect(result.steps == (try each.input.wholeNumber("steps")), "\(each.id)")
        let loops = run.log.loaded(.iterationsPerLoop)
        return .object([
            "signals_to_infeed": .ints(run.log.signals(to: .infeed)),
            "signals_to_outfeed": .ints(run.log.signals(to: .outfeed)),
            "runs": .list(
                loops.map { .object(["device_iterations": .int(Int($0)), "stop_requested": .bool(true)]) }),
            "total_enqueue_runs": .int(run.log.runs(of: .worker(.infeed))),
            "total_dequeue_runs": .int(run.log.runs(of: .worker(.outfeed))),
        ])
    }

    // MARK: The hook's own sequence

    /// The device loops of a training that the case describes; nil: no training goes like this.
    private static func loops(_ input: JSON) -> (iterationsPerLoop: Int, steps: Int)? {
        guard input["mode"]?.string == "train", input["dequeue_ops"]?.isNull == true,
            input["enqueue_ops"]?.array?.count == 1, let iterations = input["iterations"]?.array?.compactMap(\.int),
            let first = iterations.first, let last = iterations.last, last > 0, last <= first,
            iterations.dropLast().allSatisfy({ $0 == first })
        else { return nil }
        return (first, iterations.reduce(0, +))
    }

    private func session(_ each: SeedCase) throws -> Observed {
        let loops = try #require(Self.loops(each.input))
        let run = try RealRun(
            iterationsPerLoop: loops.iterationsPerLoop, masterJob: try each.input.optionalString("master_job"))
        _ = try run.train(steps: loops.steps, maxSteps: nil)
        // The same events, phase by phase: the hook's share of what the training did.
        var events = run.log.events(of: .caller).filter(Self.isHooksOwn)[...]
        let phases = try #require(each.expected?["phases"]?.array).map { phase -> Observed in
            let count = phase["events"]?.array?.count ?? 0
            defer { events = events.dropFirst(count) }
            return .object([
                "phase": .optional(phase["phase"]?.string), "events": .list(events.prefix(count).map(\.observed)),
            ])
        }
        #expect(events.isEmpty, "\(each.id): \(events.count) events more than expected")
        return .object([
            "phases": .list(phases),
            "infeed": .object([
                "runs": .int(run.log.runs(of: .worker(.infeed))), "log": run.log.lines(of: .worker(.infeed)),
                "uncaught": .null,
            ]),
            // The session is closed by the end of the training, never by a worker.
            "outfeed": .null, "session_close_calls": .int(run.log.closes(by: .worker(.infeed))),
        ])
    }

    /// Whether an event is the infeed hook's, and not the stop hook's, the logging hooks' or the loop's.
    private static func isHooksOwn(_ event: TraceEvent) -> Bool {
        switch event {
        case .log(_, let text): !["loss = ", "global_step/sec: ", "examples/sec: "].contains(where: text.hasPrefix)
        case .readVariable(let name, _): name == HostVariable.iterationsPerLoop.name
        case .sessionRun(let fetches, _):
            fetches == [SessionOperation.initializeSystemName] || fetches == [SessionOperation.shutdownSystemName]
        case .createVariable, .loadVariable, .sessionClose, .iteration, .fault, .build: false
        case .createInitializeOperation, .createShutdownOperation, .startThread, .join, .signal: true
        }
    }
}
