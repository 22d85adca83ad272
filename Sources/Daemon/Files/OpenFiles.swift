package import API
package import HTTP
import Reactor
import Synchronization

/// The files that are open for answers: at most as many as the daemon's descriptors allow, so that downloads never take
/// those that jobs and connections need.
package final class OpenFiles: Sendable {
    private let limit: Int
    private let open = Atomic(0)

    /// None is open.
    /// - Parameter limit: How many may be; default as many as anybody likes.
    package init(limit: Int = .max) { self.limit = limit }

    /// How many are open.
    package var count: Int { open.load(ordering: .relaxed) }

    /// A body of a stretch of an open file, which closes with it.
    /// - Throws: `Problem` of 503 when there are too many; the file is closed then.
    package func body(adopting descriptor: CInt, offset: Int64 = 0, length: Int64) throws(Problem) -> Response.Body {
        guard open.add(1, ordering: .relaxed).newValue <= limit else {
            open.subtract(1, ordering: .relaxed)
            SystemCall.close(descriptor)
            throw Problem.shortage("files are open for other downloads")
        }
        return .file(
            FileBody(adopting: descriptor, offset: offset, length: length) { [self] in
                open.subtract(1, ordering: .relaxed)
            })
    }
}
