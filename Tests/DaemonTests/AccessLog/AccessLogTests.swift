import Daemon
import Foundation
import HTTP
import HTTPTypes
import Jobs
import Reactor
import Synchronization
import Testing

@Suite struct AccessLogTests {
    private static func request(_ number: UInt64) -> AnsweredRequest {
        AnsweredRequest(
            id: RequestID(run: 1, number: number), peer: .unixSocket(user: nil), principal: nil, method: .get,
            template: nil, line: nil, status: 200, bodyBytes: 0, duration: .zero, isWhole: true)
    }

    private static let wall: @Sendable () -> Timestamp = { Timestamp(seconds: 0) }

    @Test func withoutAFileLinesGoWhereTheyAreTold() {
        let lines = Mutex<[String]>([])
        let log = AccessLog(.combined, wall: Self.wall) { line in lines.withLock { $0.append(line) } }
        log.record(Self.request(7))
        #expect(lines.withLock { $0.count } == 1 && lines.withLock { $0[0] }.contains("00000001-0000000000000007"))
    }

    /// A file that was renamed gets no more once the log is opened anew, and nothing is lost on the way.
    @Test func aFileIsOpenedAnew() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tpud-access-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (path, old) = (folder.appending(path: "access.log").path, folder.appending(path: "access.log.1").path)
        func lines(_ path: String) throws -> Int {
            try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count
        }
        let log = try AccessLog(.json, wall: Self.wall, path: path)
        for number in UInt64(0)..<10 { log.record(Self.request(number)) }
        log.flush(within: .seconds(30))
        #expect(try lines(path) == 10)
        try FileManager.default.moveItem(atPath: path, toPath: old)
        log.record(Self.request(10))
        log.flush(within: .seconds(30))
        #expect(try lines(old) == 11)
        try log.reopen()
        log.record(Self.request(11))
        log.flush(within: .seconds(30))
        #expect(try lines(old) == 11 && lines(path) == 1)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? Int).map { $0 & 0o007 } == 0)
        // What can't be opened changes nothing.
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        #expect(throws: SystemError.self) { try log.reopen() }
        #expect(throws: SystemError.self) { try AccessLog(.json, wall: Self.wall, path: "\(old)/x") }
    }
}
