import Formats

/// Makes values of one kind from the bytes of a socket, as they come.
package protocol FrameReader: Sendable {
    /// What it makes.
    associatedtype Frame: Sendable

    /// Adds bytes from the socket.
    mutating func append(_ bytes: ArraySlice<UInt8>)
    /// The next whole value, nil until more bytes have come.
    /// - Throws: ``FrameError``; the reader is of no use afterwards.
    mutating func next() throws(FrameError) -> Frame?
}

/// What a worker sends, as the daemon reads it.
package struct WorkerFrameReader: FrameReader {
    private var decoder = FrameDecoder(limit: FrameCodec.workerLimit)

    /// Nothing has come yet.
    package init() {}

    package mutating func append(_ bytes: ArraySlice<UInt8>) { decoder.append(bytes) }

    package mutating func next() throws(FrameError) -> WorkerFrame? { try decoder.next().map(Self.frame) }

    private static func frame(_ json: JSON) throws(FrameError) -> WorkerFrame { try WorkerFrame(json) }
}
