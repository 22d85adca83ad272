/// What ends a run of steps, and where. Of several, the fault of the earliest step is the run's; of one step's, the one that
/// comes first on the way from the input to the hooks.
package struct RunFault: Sendable {
    /// Where a fault comes from, in the order in which those of one step count.
    package enum Source: String, Sendable, Hashable, CaseIterable, Comparable {
        /// A host could not give the step's input.
        case infeed
        /// The step failed, or gave a value that is not finite.
        case device
        /// What the step handed out could not be fetched or added up.
        case outfeed
        /// A hook failed behind the step.
        case hook

        /// Whether a fault from here counts before one from there.
        package static func < (one: Source, other: Source) -> Bool {
            guard let first = allCases.firstIndex(of: one), let second = allCases.firstIndex(of: other) else {
                return false
            }
            return first < second
        }
    }

    /// The step, counted from 1: the global step of a training, an evaluation's own.
    package let step: Int
    /// Where it comes from.
    package let source: Source
    /// The host whose input failed; nil but for the infeed.
    package let host: Int?
    /// What went wrong.
    package let error: any Error

    /// A fault.
    package init(step: Int, source: Source, host: Int? = nil, error: any Error) {
        self.step = step
        self.source = source
        self.host = host
        self.error = error
    }

    /// Whether this fault counts before another.
    package func precedes(_ other: RunFault) -> Bool {
        (step, source, host ?? 0) < (other.step, other.source, other.host ?? 0)
    }
}
