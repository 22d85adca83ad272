/// Grants the feeding threads the steps up to the last one where there is no TPU system to initialise and no controller:
/// training on the CPU. They read ahead of the steps by as much as their queue holds.
final class HostFeedHook: SessionHook {
    private let feeders: [InputFeeder]
    private let stopHook: StopAtStepHook

    /// A hook for these threads, behind the one that knows the last step.
    init(feeders: [InputFeeder], of stopHook: StopAtStepHook) {
        self.feeders = feeders
        self.stopHook = stopHook
    }

    func sessionCreated(_ session: any Session) throws {
        let step = Int(try session.variables.value(of: .globalStep))
        let left = (stopHook.lastStep ?? step).subtracting(saturating: step)
        if left > 0 { for feeder in feeders { feeder.grant(left) } }
    }
}
