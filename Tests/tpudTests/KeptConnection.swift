import Formats
import Foundation
import Glibc
import Testing

/// A connection to a daemon that stays open from request to request. Its calls block.
final class KeptConnection {
    /// An answer.
    struct Answer {
        var status = 0
        /// By their names in small letters.
        var fields: [String: String] = [:]
        var body: [UInt8] = []
    }

    private let descriptor: Int32
    private var received: [UInt8] = []

    /// Connects to a daemon on 127.0.0.1. Whoever does not answer for a minute ends the test.
    init(_ daemon: DaemonProcess) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = daemon.port.bigEndian
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        let status = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(status == 0, "connect: \(errno)")
    }

    deinit { close(descriptor) }

    /// Asks, and reads the answer.
    func ask(_ method: String, _ target: String, body: JSON? = nil) throws -> Answer {
        let bytes = body?.serialized() ?? []
        let head =
            "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            + (body == nil ? "" : "Content-Type: application/json\r\nContent-Length: \(bytes.count)\r\n") + "\r\n"
        let message = Array(head.utf8) + bytes
        try #require(send(descriptor, message, message.count, Int32(MSG_NOSIGNAL)) == message.count)
        var answer = Answer()
        let lines = try line(upTo: "\r\n\r\n").split(separator: "\r\n")
        answer.status = lines.first.flatMap { Int($0.split(separator: " ")[1]) } ?? 0
        for field in lines.dropFirst() {
            let parts = field.split(separator: ":", maxSplits: 1)
            answer.fields[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        if let length = answer.fields["content-length"].flatMap({ Int($0) }) {
            answer.body = try take(length)
        } else if answer.fields["transfer-encoding"] == "chunked" {
            while let count = Int(try line(upTo: "\r\n").dropLast(2), radix: 16), count > 0 {
                answer.body += try take(count + 2).dropLast(2)
            }
            _ = try take(2)
        }
        return answer
    }

    /// The received text up to an end and with it.
    private func line(upTo end: String) throws -> String {
        let mark = Array(end.utf8)
        while true {
            for index in received.indices where received[index...].starts(with: mark) {
                return String(decoding: try take(index + mark.count), as: UTF8.self)
            }
            try receive()
        }
    }

    private func take(_ count: Int) throws -> [UInt8] {
        while received.count < count { try receive() }
        defer { received.removeFirst(count) }
        return Array(received.prefix(count))
    }

    private func receive() throws {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        try #require(count > 0, "the connection has ended")
        received += buffer[..<count]
    }
}
