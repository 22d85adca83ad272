package import Formats
import OrderedCollections

/// The form of a frame on the socket: four bytes of length, most significant first, then one JSON object in UTF-8. What
/// is too large to be wrapped in JSON follows its frame as a piece: a length and so many bytes of any kind.
package enum FrameCodec {
    /// The longest frame that the daemon sends: a job spec of the largest body and what goes with it.
    package static let daemonLimit = 72 << 20
    /// The longest frame that a worker sends.
    package static let workerLimit = 4 << 20

    /// The bytes of one frame.
    package static func encode(_ object: JSON) -> [UInt8] {
        var bytes: [UInt8] = [0, 0, 0, 0]
        object.write(into: &bytes)
        setLength(of: &bytes)
        return bytes
    }

    /// The bytes of the frame that gives a worker its assignment, with the specification's text put in as it is: one of
    /// megabytes is neither parsed nor written again.
    ///
    /// - Parameters:
    ///   - assignment: Its own `spec` is left out.
    ///   - spec: A JSON text, which the daemon has written itself.
    package static func encode(_ assignment: Assignment, spec: String) -> [UInt8] {
        var json = DaemonFrame.start(assignment).json.object ?? [:]
        json["spec"] = nil
        var bytes: [UInt8] = [0, 0, 0, 0]
        bytes.reserveCapacity(spec.utf8.count + 4096)
        JSON.object(json).write(into: &bytes)
        // The closing brace makes room for one member more.
        bytes.removeLast()
        bytes.append(contentsOf: #","spec":"#.utf8)
        bytes.append(contentsOf: spec.utf8)
        bytes.append(UInt8(ascii: "}"))
        setLength(of: &bytes)
        return bytes
    }

    private static func setLength(of bytes: inout [UInt8]) {
        bytes.replaceSubrange(0..<4, with: prefix(bytes.count - 4))
    }

    /// The same bytes in fewer parts: short ones are put together, as each part that is sent by itself wakes the other
    /// side up once more; long ones are not copied.
    package static func joined(_ parts: [[UInt8]]) -> [[UInt8]] {
        var joined: [[UInt8]] = []
        for part in parts {
            if let last = joined.last, last.count + part.count <= longestJoined {
                joined[joined.count - 1] += part
            } else {
                joined.append(part)
            }
        }
        return joined
    }

    private static let longestJoined = 1 << 16

    /// What precedes so many bytes.
    package static func prefix(_ count: Int) -> [UInt8] {
        let length = UInt32(clamping: count)
        return (0..<4).map { UInt8(truncatingIfNeeded: length >> UInt32(24 - 8 * $0)) }
    }
}

/// Takes bytes as they come from the socket and gives whole frames back.
package struct FrameDecoder: Sendable {
    private var buffer: [UInt8] = []
    private var start = 0
    private let limit: Int

    /// A decoder that refuses frames and pieces longer than `limit` bytes.
    package init(limit: Int) { self.limit = limit }

    /// Adds bytes from the socket.
    package mutating func append(_ bytes: some Collection<UInt8>) {
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: true)
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next whole frame, nil until more bytes have come.
    /// - Throws: ``FrameError`` when the length or the JSON is wrong; the decoder is of no use afterwards.
    package mutating func next() throws(FrameError) -> JSON? {
        guard let body = try take(from: 1) else { return nil }
        let value: JSON
        do throws(JSONError) {
            value = try JSON(parsing: body, limits: .own)
        } catch {
            throw .notAnObject(error.description)
        }
        guard value.object != nil else { throw .notAnObject("it is another value") }
        return value
    }

    /// The next whole piece, nil until more bytes have come. To be called where a frame says that one follows.
    /// - Throws: ``FrameError/length(_:limit:)``; the decoder is of no use afterwards.
    package mutating func nextPiece() throws(FrameError) -> [UInt8]? { try take(from: 0) }

    private mutating func take(from shortest: Int) throws(FrameError) -> [UInt8]? {
        guard buffer.count - start >= 4 else { return nil }
        let length = buffer[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
        guard length >= shortest, length <= limit else { throw .length(length, limit: limit) }
        guard buffer.count - start >= 4 + length else { return nil }
        let body = Array(buffer[start + 4..<start + 4 + length])
        start += 4 + length
        if start > 1 << 20 {
            buffer.removeFirst(start)
            start = 0
        }
        return body
    }

    /// To be called at the end of the socket.
    /// - Throws: ``FrameError/truncated(bytes:)`` when bytes of an unfinished frame are left.
    package func finish() throws(FrameError) {
        guard start == buffer.count else { throw .truncated(bytes: buffer.count - start) }
    }
}
