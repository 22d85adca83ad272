/// The two numbers that mean something else than a count of iterations when they are sent to a feed controller
/// (TensorFlow: `_SIGNAL`). Nothing checks the others.
package enum FeedSignal {
    /// What is sent when no number is given (`_SIGNAL.NEXT_BATCH`).
    package static let nextBatch: Int32 = -1

    /// Ends the worker (`_SIGNAL.STOP`).
    package static let stop: Int32 = -2
}
