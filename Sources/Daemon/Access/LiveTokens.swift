package import API
import Formats
import Synchronization

/// The tokens that hold now: those of the file as it was read last.
package final class LiveTokens: Sendable {
    /// What came of a look at the file.
    package enum Look: Equatable, Sendable {
        /// It is as it was.
        case same
        /// It was read: so many tokens hold now, and these, by their ids, no longer do, or say something else.
        case changed(count: Int, revoked: Set<String>)
    }

    private struct State {
        var tokens: [String: Token] = [:]
        var stamp: FileStamp?
    }

    /// Where the file is.
    package let path: String
    private let state = Mutex(State())

    /// Reads the file; waits for the disk.
    package init(path: String) throws(TokenFileError) {
        self.path = path
        _ = try look()
    }

    /// How many hold.
    package var count: Int { state.withLock { $0.tokens.count } }

    /// The one that a request bears; nil when it does not hold.
    package func token(of bearer: BearerToken) -> Token? {
        // An id is not a secret: only what is found by it is compared, in constant time.
        guard let token = state.withLock({ $0.tokens[bearer.id] }), bearer.isOf(digest: token.digest) else {
            return nil
        }
        return token
    }

    /// Reads the file again if it has changed; waits for the disk.
    /// - Throws: ``TokenFileError``; what held before holds on.
    package func look() throws(TokenFileError) -> Look {
        guard let (file, stamp) = try TokenFile.read(path, unless: state.withLock { $0.stamp }) else { return .same }
        let tokens = Dictionary(uniqueKeysWithValues: file.tokens.map { ($0.id, $0) })
        return state.withLock { state in
            let revoked = Set(state.tokens.filter { tokens[$0.key] != $0.value }.keys)
            state = State(tokens: tokens, stamp: stamp)
            return .changed(count: tokens.count, revoked: revoked)
        }
    }
}
