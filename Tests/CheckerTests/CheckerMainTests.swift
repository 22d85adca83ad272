import Checker
import Formats
import Foundation
import Glibc
import Jobs
import Synchronization
import Testing
import WorkerProtocol

/// The life of a check process over a real pair of sockets, in this process.
@Suite struct CheckerMainTests {
    private struct Compiler: JobCompiler {
        func compile(
            _ spec: JSON, dataRoots: [String], worker: CheckRequest.Worker, faults: SpecErrors
        ) -> CompiledJob? {
            if spec["model"] == nil { faults.add(JSONPointer(tokens: ["model"]), "is missing") }
            return faults.isEmpty
                ? CompiledJob(mode: .train, shards: 1, deviceJob: "worker", canonical: ["model": 1]) { [:] } : nil
        }
    }

    /// What a check process answers to these bytes, and what it exits with when nothing more comes.
    private func run(_ bytes: [UInt8]) throws -> (reports: [CheckReport], status: CheckExitStatus?) {
        var pair: [CInt] = [-1, -1]
        try #require(socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0, &pair) == 0)
        defer { close(pair[0]) }
        let done = DispatchSemaphore(value: 0)
        let child = pair[1]
        let ending = Ending()
        Thread {
            ending.status.withLock {
                $0 = CheckerMain.run(socket: child, compiler: Compiler(), limits: false)
            }
            close(child)
            done.signal()
        }.start()
        try #require(send(pair[0], bytes, bytes.count, 0) == bytes.count)
        shutdown(pair[0], CInt(SHUT_WR))
        var reader = CheckReportReader(limit: 1 << 20)
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(pair[0], &buffer, buffer.count, 0)
            guard count > 0 else { break }
            reader.append(buffer[..<count])
        }
        done.wait()
        var reports: [CheckReport] = []
        while let report = try reader.next() { reports.append(report) }
        return (reports, ending.status.withLock { $0 })
    }

    private final class Ending: Sendable {
        let status = Mutex<CheckExitStatus?>(nil)
    }

    private func request(_ number: Int, _ text: String) -> [UInt8] {
        CheckRequest(
            number: number, body: Array(text.utf8), dataRoots: [], isDryRun: false,
            limits: .init(processorSeconds: 1, memoryBytes: 1 << 30, specificationBytes: 1 << 20)
        ).pieces.flatMap { $0 }
    }

    @Test func checksAreAnsweredOneAfterAnotherWithTheirNumbers() throws {
        let (reports, status) = try run(
            request(7, #"{"model":1}"#) + request(8, "{}") + request(9, "[") + request(10, #"{"model":1}"#))
        #expect(reports.map(\.number) == [7, 8, 9, 10])
        #expect(reports.allSatisfy { $0.peakBytes > 1 << 20 })
        let kinds = reports.map { report in
            switch report.finding {
            case .passed: "passed"
            case .faulty: "faulty"
            case .unreadable: "unreadable"
            }
        }
        #expect(kinds == ["passed", "faulty", "unreadable", "passed"])
        #expect(status == .done)
    }

    @Test(
        arguments: [
            ([], CheckExitStatus.done), ([0, 0, 0, 0], .abandoned), (FrameCodec.encode(["frame": "dance"]), .abandoned),
            ([0, 0, 0, 9, 1], .done),
        ] as [([UInt8], CheckExitStatus)])
    func whatItExitsWith(bytes: [UInt8], status: CheckExitStatus) throws {
        let result = try run(bytes)
        #expect(result.reports.isEmpty)
        #expect(result.status == status)
    }
}
