import Glibc
import HTTP
import HTTPTypes
import Reactor

/// Serves a few routes on the address given (default 127.0.0.1:8099), for wrk and for the HTTP corpus:
///   swift run -c release HTTPBench [port]
///   http_corpus.py --port 8099 --events /events --metrics /metrics
/// The package has this target only when TPUD_BENCH is set.
@main
enum HTTPBench {
    static func main() async throws {
        let port = CommandLine.arguments.count > 1 ? UInt16(CommandLine.arguments[1]) ?? 8099 : 8099
        let reactor = try EventLoop()
        let job = Array(#"{"name":"http-corpus"}"#.utf8)
        let health = Response.text("abcdefghijklmnopqrstuvwxyz123\n")

        let router = Router([
            Route(.get, "/healthz", .immediate { _ in health }),
            Route(.get, "/async", .async { _ in health }),
            Route(.get, "/metrics", .immediate { _ in .text("up 1\n") }),
            Route(.get, "/v1/jobs", .immediate { _ in .json(Array(#"{"jobs":[]}"#.utf8)) }),
            Route(
                .post, "/v1/jobs", body: .required(types: ["application/json"]),
                .immediate { request in
                    guard trimmed(request.body).elementsEqual(job) else {
                        return .text("no job\n", status: .unprocessableContent)
                    }
                    return .json(job, status: .created)
                }),
            Route(.get, "/v1/jobs/{id}", .immediate { _ in .text("no such job\n", status: .notFound) }),
            Route(
                .get, "/events",
                .async { _ in
                    Response(
                        .ok, fields: [.contentType: "text/event-stream"],
                        body: .stream(length: nil) { writer in
                            while true {
                                try await writer.write(Array(": tick\n\n".utf8))
                                try await reactor.sleep(for: .seconds(1))
                            }
                        })
                }),
        ])

        var configuration = ServerConfiguration(listen: [.tcp(host: "127.0.0.1", port: port)])
        configuration.log = { event in print(event) }
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let server = Server(configuration, router: router, reactor: reactor)
        let thread = try reactor.start()
        let bound = try await server.start()
        print("listening on", bound)
        thread.join()
    }

    private static func trimmed(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        let isSpace: (UInt8) -> Bool = { [0x20, 0x0a, 0x0d, 0x09].contains($0) }
        return bytes.drop(while: isSpace).reversed().drop(while: isSpace).reversed()[...]
    }
}
