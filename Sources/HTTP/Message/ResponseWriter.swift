package import HTTPTypes

/// Writes the body of a streaming response. One task uses it; each write waits while the client has too much to read.
package struct ResponseWriter: Sendable {
    let connection: Connection
    let exchange: UInt64

    /// Sends bytes; returns once there is room for more. An empty array does nothing.
    /// - Throws: `ResponseWriterError.connectionClosed` when the client is gone, `.tooMuch` past the announced length.
    package func write(_ bytes: [UInt8]) async throws(ResponseWriterError) {
        try await connection.write(bytes, exchange: exchange)
    }

    /// Fields to send after a chunked body (RFC 9112 section 7.1.2); without effect where the body is not chunked.
    package func setTrailers(_ fields: HTTPFields) async {
        await connection.setTrailers(fields, exchange: exchange)
    }
}

/// Why a streaming body cannot go on.
package enum ResponseWriterError: Error, Equatable, Sendable {
    /// The connection is closed or broken.
    case connectionClosed
    /// More bytes than the response's length.
    case tooMuch
}
