package import Reactor
package import Store

/// Why a daemon can't start, or could not end well.
package enum DaemonError: Error, CustomStringConvertible {
    /// No reactor could be made.
    case system(SystemError)
    /// The state folder can't be used: its path is the operator's own.
    case stateFolder(path: String, SystemError)
    /// The database can't be used.
    case store(StoreError)
    /// The file of tokens can't be used.
    case tokens(TokenFileError)
    /// The file of the keys that webhooks are signed with can't be used.
    case webhookSecret(WebhookSecretError)
    /// The file of the access log can't be opened.
    case accessLog(path: String, SystemError)
    /// An address can't be listened on.
    case listen(SystemError)

    /// A sentence for the operator.
    package var description: String {
        switch self {
        case .system(let error): "the system refuses what a daemon needs: \(error)"
        case .stateFolder(let path, let error): "the state folder \(path) can't be used: \(error)"
        case .store(let error): "\(error)"
        case .tokens(let error): "\(error)"
        case .webhookSecret(let error): "\(error)"
        case .accessLog(let path, let error): "the access log can't be written to \(path): \(error)"
        case .listen(let error): "can't listen: \(error)"
        }
    }
}
