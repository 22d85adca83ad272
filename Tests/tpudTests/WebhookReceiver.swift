import Formats
import Foundation
import Glibc
import Synchronization
import Testing

/// A real receiver of webhooks that does with each request what the test says: answers, hangs, or hangs up.
final class WebhookReceiver: Sendable {
    /// One request that came.
    struct Received: Sendable {
        var target: String
        var fields: [String: String]
        var body: [UInt8]

        /// The message's id, by which a receiver drops what it has had before.
        var id: String { fields["webhook-id"] ?? "" }
        var json: JSON { (try? JSON(parsing: body)) ?? .null }
        var type: String { json["type"]?.string ?? "" }
    }

    /// What is done with a request.
    enum Action: Sendable {
        case answer(Int, fields: [(name: String, value: String)] = [])
        /// Nothing comes until the other end gives up.
        case hang
        /// The connection ends without an answer.
        case hangUp
    }

    let port: UInt16
    private let listener: Int32
    private let requests = Requests()

    /// What came, which the threads have, too.
    private final class Requests: Sendable {
        let all = Mutex<[Received]>([])
    }

    /// Listens on a port of the kernel's choice, or on this one.
    init(port: UInt16 = 0, _ action: @escaping @Sendable (Received) -> Action) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        self.listener = listener
        var one: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        name.sin_port = port.bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &name) { name in
            name.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, address, &size) == 0
            }
        }
        guard isListening else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        self.port = in_port_t(bigEndian: name.sin_port)
        Thread.detachNewThread { [requests] in
            while true {
                let connection = accept(listener, nil, nil)
                if connection < 0, errno == EINTR { continue }
                guard connection >= 0 else {
                    // Here and nowhere else: while this thread may ask for connections, the number is no other socket's.
                    close(listener)
                    return
                }
                Thread.detachNewThread {
                    Self.serve(connection, action, requests)
                    close(connection)
                }
            }
        }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    /// Where it receives.
    var url: String { "http://127.0.0.1:\(port)/hook" }

    /// All that came.
    var received: [Received] { requests.all.withLock { $0 } }

    /// What came, once there is so much of it.
    func received(_ count: Int) throws -> [Received] {
        try until("\(count) requests have come") { received.count >= count }
        return received
    }

    private static func serve(_ connection: Int32, _ action: (Received) -> Action, _ requests: Requests) {
        guard let request = read(connection) else { return }
        requests.all.withLock { $0.append(request) }
        switch action(request) {
        case .hangUp: return
        case .hang:
            var byte: UInt8 = 0
            while recv(connection, &byte, 1, 0) > 0 {}
        case .answer(let status, let fields):
            var text = "HTTP/1.1 \(status) Scripted\r\nContent-Length: 0\r\nConnection: close\r\n"
            for field in fields { text += "\(field.name): \(field.value)\r\n" }
            let bytes = Array("\(text)\r\n".utf8)
            send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        }
    }

    private static func read(_ connection: Int32) -> Received? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        let mark = Array("\r\n\r\n".utf8)
        while true {
            let head = String(decoding: bytes, as: UTF8.self)
            if let end = head.range(of: "\r\n\r\n") {
                let lines = head[..<end.lowerBound].components(separatedBy: "\r\n")
                var fields: [String: String] = [:]
                for line in lines.dropFirst() {
                    let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
                    if parts.count == 2 {
                        fields[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
                    }
                }
                let length = Int(fields["content-length"] ?? "") ?? 0
                let start = head[..<end.lowerBound].utf8.count + mark.count
                if bytes.count >= start + length {
                    let target = lines[0].split(separator: " ").dropFirst().first.map(String.init) ?? ""
                    return Received(target: target, fields: fields, body: Array(bytes[start..<(start + length)]))
                }
            }
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
        }
    }
}
