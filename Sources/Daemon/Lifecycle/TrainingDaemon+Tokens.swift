import HTTP
import Logging
import Reactor

extension TrainingDaemon {
    /// Who may ask: by the file of tokens, where one is set.
    func makeAccess() async throws -> Access {
        guard let path = configuration.tokens else { return .open }
        let tokens = try await DiskWork.run {
            do throws(TokenFileError) { return try LiveTokens(path: path) } catch { throw DaemonError.tokens(error) }
        }
        let way =
            tokens.count > 0
            ? "" : ": tpud token add makes one; until then only root and this user may ask, over the socket"
        parts.log.notice("\(tokens.count) tokens hold, of \(path)\(way)")
        let clock = parts.clock.monotonic
        return Access(
            tokens: tokens,
            rates: configuration.requestsPerSecond.map { RequestRates(perSecond: $0, now: { clock.now() }) })
    }

    /// How long a token that was revoked may still be taken.
    private static let tokenPause = Duration.seconds(1)

    /// Looks at the file of tokens again and again. On the reactor.
    func watchTokens(_ services: Services, _ server: Server) {
        _ = services.reactor.schedule(after: Self.tokenPause) { [self] in
            Task(executorPreference: services.reactor) { [self] in
                await lookAtTokens(services, server)
                watchTokens(services, server)
            }
        }
    }

    /// Reads the tokens again if their file has changed, and ends what goes on for those that no longer hold. A file that
    /// can't be used changes nothing. On the reactor.
    func lookAtTokens(_ services: Services, _ server: Server) async {
        guard let tokens = services.access.tokens else { return }
        do {
            guard case .changed(let count, let revoked) = try await DiskWork.run({ try tokens.look() }) else { return }
            let gone = revoked.isEmpty ? "" : ", no longer \(revoked.sorted().joined(separator: ", "))"
            parts.log.notice("the tokens were read again: \(count) hold\(gone)")
            if !revoked.isEmpty { server.breakOff(bearers: revoked) }
        } catch is CancellationError {
            // The daemon is about to end.
        } catch {
            services.complain("tokens", "the tokens stay as they were: \(error)")
        }
    }
}
