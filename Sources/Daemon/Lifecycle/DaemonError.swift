package import HTTP
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
    /// What systemd hands over can't be listened on.
    case inherited(descriptor: Int32, SystemError)
    /// What systemd hands over is reached by other machines, which the configuration does not allow.
    case exposed(ListenAddress)

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
        case .inherited(let descriptor, let error):
            "descriptor \(descriptor) that systemd hands over is not a listening stream socket (\(error)); a socket unit has "
                + "it as ListenStream, with Accept=no"
        case .exposed(let address):
            "systemd hands over \(address.words), which other machines reach; let ListenStream be 127.0.0.1 or a path, or set "
                + "allow_remote to true and tokens to a file that tpud token add --role admin --name NAME --file FILE makes"
        }
    }
}
