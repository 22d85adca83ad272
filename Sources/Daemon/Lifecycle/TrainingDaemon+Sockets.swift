import HTTP
import Reactor

extension TrainingDaemon {
    /// The sockets that systemd hands over, each as far as the configuration lets other machines reach it.
    /// - Throws: ``DaemonError``.
    func inheritedSockets() throws -> [InheritedSocket] {
        try parts.inherited.map { descriptor in
            let socket: InheritedSocket
            do throws(SystemError) {
                socket = try InheritedSocket(descriptor)
            } catch {
                throw DaemonError.inherited(descriptor: descriptor, error)
            }
            let isGuarded = configuration.allowRemote && configuration.tokens != nil
            guard socket.address.isLocal || isGuarded else { throw DaemonError.exposed(socket.address) }
            return socket
        }
    }
}

extension Configuration {
    /// Where the settings say to listen.
    var listenAddresses: [ListenAddress] {
        (listen.map { [$0] } ?? []) + (socket.map { [.unix(path: $0)] } ?? [])
    }
}
