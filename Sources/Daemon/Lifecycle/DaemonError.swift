package import Jobs
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
    /// The setting `pod` names no pod.
    case pod(JobsError)
    /// The setting `listen` is not an address.
    case address(String)
    /// An address can't be listened on.
    case listen(SystemError)

    /// A sentence for the operator.
    package var description: String {
        switch self {
        case .system(let error): "the system refuses what a daemon needs: \(error)"
        case .stateFolder(let path, let error): "the state folder \(path) can't be used: \(error)"
        case .store(let error): "\(error)"
        case .pod(let error): "\(error)"
        case .address(let text): "listen: '\(text)' is not a host and port, such as 127.0.0.1:8470 or [::1]:8470"
        case .listen(let error): "can't listen: \(error)"
        }
    }
}
