package import HTTP
package import Logging

extension Logger {
    /// Writes what an operator may want to know of the server.
    package func record(_ event: ServerEvent) {
        switch event {
        case .handlerFailed(let id, let method, let path, let error):
            self.error("request \(id) \(method) \(path) failed: \(error)")
        case .streamFailed(let id, let path, let error):
            debug("the answer to request \(id) \(path) was broken off: \(error)")
        case .acceptPaused(let reason, let retry, let times):
            warning("no connections are accepted for \(retry) (\(times) times since this was said last): \(reason)")
        }
    }
}

extension ListenAddress {
    /// The address as people write it.
    package var words: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "http://[\(host)]:\(port)" : "http://\(host):\(port)"
        case .unix(let path, _): "unix:\(path)"
        }
    }
}
