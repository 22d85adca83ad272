/// What an operator may ask of a host (`POST /v1/hosts/{n}/<verb>`).
package enum HostVerb: String, CaseIterable, Hashable, Sendable {
    /// Let it take no more jobs; what runs there goes on.
    case drain
    /// Let it take jobs again.
    case undrain
    /// Take it away from what runs there.
    case fail
    /// Bring it back after it failed.
    case repair

    /// What has to be done about a host.
    package enum Action: Hashable, Sendable {
        /// It goes to this state.
        case move(HostState)
        /// It is so already.
        case already
        /// It can't be done in this state; these verbs can.
        case illegal(allowed: [HostVerb])
    }

    /// What has to be done about a host in a state.
    package func action(in state: HostState) -> Action {
        switch (self, state) {
        case (.drain, .up): .move(.draining)
        case (.undrain, .draining), (.repair, .down): .move(.up)
        case (.fail, .up), (.fail, .draining): .move(.down)
        case (.drain, .draining), (.undrain, .up), (.repair, .up), (.fail, .down): .already
        // A host that is gone neither drains nor takes jobs, and one that only drains has not failed.
        case (.drain, .down), (.undrain, .down): .illegal(allowed: [.fail, .repair])
        case (.repair, .draining): .illegal(allowed: [.drain, .undrain, .fail])
        }
    }
}
