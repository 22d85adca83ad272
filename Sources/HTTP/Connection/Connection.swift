import HTTPTypes

final class Connection: Sendable {
    func write(_ bytes: [UInt8], exchange: UInt64) async throws(ResponseWriterError) {}
    func setTrailers(_ fields: HTTPFields, exchange: UInt64) async {}
}
