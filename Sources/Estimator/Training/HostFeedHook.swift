/// Grants the feeding threads a loop's steps where there is no TPU system to initialise and no controller: training on
/// the CPU.
final class HostFeedHook: SessionHook {
    private let feeders: [InputFeeder]

    /// A hook for these threads.
    init(feeders: [InputFeeder]) { self.feeders = feeders }

    func beforeRun(_ context: SessionRunContext) throws -> [SessionOperation] {
        let steps = Int(try context.session.variables.value(of: .iterationsPerLoop))
        if steps > 0 { for feeder in feeders { feeder.grant(steps) } }
        return []
    }
}
