package import Reactor

/// An HTTP/1.1 server on one reactor.
package final class Server: Sendable {
    /// The reactor that everything runs on.
    package let reactor: Reactor

    /// A server that does not listen yet.
    package init(_ configuration: ServerConfiguration, router: Router, reactor: Reactor) {
        self.reactor = reactor
    }

    /// Listens on every address. Returns what was bound, with the ports the kernel chose.
    /// - Throws: `SystemError` of socket(2), bind(2), listen(2).
    package func start() async throws(SystemError) -> [ListenAddress] { [] }

    /// Stops listening, lets the requests that are being answered end and closes every other connection; those that are
    /// left at the deadline are broken off. Returns once no connection is left.
    package func drain(deadline: Duration) async {}
}
