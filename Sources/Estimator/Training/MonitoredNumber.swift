/// A number of an evaluation that something depends on (Keras: `monitor` and `mode`).
package struct MonitoredNumber: Sendable, Equatable {
    /// Which numbers are better (Keras: `mode`).
    package enum Mode: String, Sendable, CaseIterable {
        /// Smaller ones.
        case min
        /// Larger ones.
        case max
    }

    /// What the evaluation calls it: `loss`, or a metric's name.
    package var name: String
    /// Which numbers are better.
    package var mode: Mode

    /// A number and its better direction.
    package init(name: String, mode: Mode) {
        self.name = name
        self.mode = mode
    }

    /// Whether a number is better than another by more than so much. One that is missing or not finite never is, and any
    /// other is better than none.
    package func isBetter(_ value: Double?, than best: Double?, by least: Double = 0) -> Bool {
        guard let value, value.isFinite else { return false }
        guard let best else { return true }
        return switch mode {
        case .min: value + least < best
        case .max: value - least > best
        }
    }
}

/// When evaluations end a training (Keras: `EarlyStopping`, each evaluation an epoch).
package struct EarlyStopping: Sendable, Equatable {
    /// What has to become better.
    package var monitored: MonitoredNumber
    /// How many evaluations in a row may pass without.
    package var patience: Int
    /// What a change must exceed to count, at least 0.
    package var minDelta: Double

    /// As Keras' callback; a `minDelta` of 0 counts every change.
    package init(monitored: MonitoredNumber, patience: Int, minDelta: Double = 0) {
        self.monitored = monitored
        self.patience = patience
        self.minDelta = minDelta
    }
}

/// Which checkpoints stay because of their evaluations.
package struct BestCheckpoints: Sendable, Equatable {
    /// What is compared.
    package var monitored: MonitoredNumber
    /// How many stay, at least 1.
    package var count: Int

    /// So many of the best.
    package init(monitored: MonitoredNumber, count: Int) {
        self.monitored = monitored
        self.count = count
    }
}
