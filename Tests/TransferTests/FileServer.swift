import Foundation
import HTTP
import HTTPTypes
import Reactor
import Transfer

/// A real server with the few routes that transfers are tried on.
struct FileServer {
    static let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    let tcp: TransferClient
    let unix: TransferClient
    let folder: URL

    /// Runs `body` with a server that answers on TCP and on a Unix socket.
    static func run(_ body: @Sendable (FileServer) throws -> Void) async throws {
        let folder = URL.temporaryDirectory.appending(path: "transfer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let socket = folder.appending(path: "s").path
        let reactor = try EventLoop()
        let configuration = ServerConfiguration(listen: [.tcp(host: "127.0.0.1", port: 0), .unix(path: socket)])
        let server = Server(configuration, router: Router(routes), reactor: reactor)
        let thread = try reactor.start(name: "file server")
        let result: Result<Void, any Error>
        do {
            let bound = try await server.start()
            guard case .tcp(_, let port)? = bound.first else { preconditionFailure("the first address is TCP") }
            try body(
                FileServer(
                    tcp: try TransferClient(address: "http://127.0.0.1:\(port)"),
                    unix: try TransferClient(address: "unix:\(socket)"), folder: folder))
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await server.drain(deadline: .zero)
        reactor.stop()
        thread.join()
        try result.get()
    }

    private static let routes = [
        Route(.get, "/file", .immediate(file)),
        Route(.get, "/whole", .immediate { _ in Response(.ok, type: "application/octet-stream", content) }),
        Route(.get, "/refused", .immediate { _ in Response(.conflict, type: "text/plain", Array("no".utf8)) }),
        Route(
            .post, "/echo",
            .immediate { request in
                Response(.created, type: request.field(.contentType) ?? "none", request.body)
            }),
        Route(
            .get, "/stalled",
            .async { _ in
                try await Task.sleep(for: .seconds(3600))
                return Response(.ok)
            }),
    ]

    /// The content from a byte on (RFC 9110 section 14), which is all that a resumed download asks for.
    private static func file(_ request: Request) -> Response {
        guard let range = request.field(.range), let first = Int(range.filter(\.isNumber)) else {
            return Response(.ok, type: "application/octet-stream", content)
        }
        guard first < content.count else { return Response(.rangeNotSatisfiable) }
        var response = Response(.partialContent, type: "application/octet-stream", Array(content[first...]))
        response.fields[.contentRange] = "bytes \(first)-\(content.count - 1)/\(content.count)"
        return response
    }
}
