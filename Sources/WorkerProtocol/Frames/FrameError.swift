/// Why bytes on the socket between daemon and worker are not a frame. Either side gives up on the other then.
package enum FrameError: Error, Equatable, CustomStringConvertible {
    /// The length is 0 or past the limit of this direction.
    case length(Int, limit: Int)
    /// The bytes are not JSON, or no object.
    case notAnObject(String)
    /// The member `frame` names no frame of this direction.
    case unknownFrame(String)
    /// A member is missing, has another type, or is past its range.
    case field(frame: String, name: String, detail: String)
    /// Members that the frame does not have.
    case unknownField(frame: String, name: String)
    /// The socket ended inside a frame.
    case truncated(bytes: Int)

    /// A sentence.
    package var description: String {
        switch self {
        case .length(let length, let limit): "a frame of \(length) bytes, where 1 to \(limit) are allowed"
        case .notAnObject(let detail): "a frame that is not a JSON object: \(detail)"
        case .unknownFrame(let name): "a frame called '\(name)'"
        case .field(let frame, let name, let detail): "frame '\(frame)': field '\(name)' \(detail)"
        case .unknownField(let frame, let name): "frame '\(frame)': unknown field '\(name)'"
        case .truncated(let bytes): "the socket ended \(bytes) bytes into a frame"
        }
    }
}
