import Formats
import Glibc

/// JSON out, standard input in.
enum Output {
    /// The server's JSON, two spaces a level.
    static func json(_ value: JSON) -> String { String(decoding: value.serialized(pretty: true), as: UTF8.self) }

    /// All of standard input.
    static func standardInput() -> [UInt8] {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return all }
            all.append(contentsOf: buffer[..<count])
        }
    }
}
