/// Whom a job tells of its state: an address, and the states that it is told of.
package struct Webhook: Hashable, Sendable {
    /// Where it goes.
    package var url: WebhookURL
    /// The states whose coming is told, each once, in the order of ``JobState``.
    package var states: [JobState]

    /// The states that are told where a specification names none: the final ones.
    package static let standard = JobState.allCases.filter(\.isFinal)

    /// Tells an address of states; default the final ones.
    package init(url: WebhookURL, states: [JobState] = Webhook.standard) {
        self.url = url
        self.states = JobState.allCases.filter(states.contains)
    }
}
