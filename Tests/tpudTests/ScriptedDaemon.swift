import Formats
import Foundation
import Glibc

/// A server that answers every request as the test says: for what the real daemon says only after hours, or never.
final class ScriptedDaemon: Sendable {
    /// One answer.
    struct Answer: Sendable {
        var status = 200
        var fields: [(name: String, value: String)] = []
        var body: [UInt8] = []

        static func json(_ value: JSON, status: Int = 200, fields: [(name: String, value: String)] = []) -> Answer {
            Answer(status: status, fields: fields, body: value.serialized())
        }
    }

    /// For the client's `--url`.
    let address: String
    private let listener: Int32

    /// Listens on a port of the kernel's choice; each request's target is given to the closure.
    init(_ answer: @escaping @Sendable (String) -> Answer) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        self.listener = listener
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &name) { name in
            name.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && listen(listener, 16) == 0
                    && getsockname(listener, address, &size) == 0
            }
        }
        guard isListening else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        address = "http://127.0.0.1:\(in_port_t(bigEndian: name.sin_port))"
        Thread.detachNewThread {
            while true {
                let connection = accept(listener, nil, nil)
                if connection < 0, errno == EINTR { continue }
                guard connection >= 0 else {
                    // Here and nowhere else: while this thread may ask for connections, the number is no other socket's.
                    close(listener)
                    return
                }
                Self.serve(connection, answer)
                close(connection)
            }
        }
    }

    /// Ends the thread's `accept`.
    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    /// One request, one answer.
    private static func serve(_ connection: Int32, _ answer: (String) -> Answer) {
        var head: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !String(decoding: head, as: UTF8.self).contains("\r\n\r\n") {
            let count = read(connection, &buffer, buffer.count)
            guard count > 0 else { return }
            head += buffer[..<count]
        }
        let target = String(decoding: head, as: UTF8.self).split(separator: " ").dropFirst().first ?? ""
        let answer = answer(String(target))
        var text = "HTTP/1.1 \(answer.status) Scripted\r\nContent-Length: \(answer.body.count)\r\nConnection: close\r\n"
        for field in answer.fields { text += "\(field.name): \(field.value)\r\n" }
        let bytes = Array("\(text)\r\n".utf8) + answer.body
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { all in
                send(
                    connection, UnsafeRawBufferPointer(rebasing: all[sent...]).baseAddress, bytes.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }
}
