import Checker
import Formats
import Foundation
import Jobs
import OrderedCollections
import Synchronization
import Testing
import WorkerProtocol

/// What is remembered of compiled training parts, seen in how often the compiler is asked.
@Suite struct CompileMemoryTests {
    private final class Counting: JobCompiler {
        let asked = Mutex(0)
        /// The files that it looks at.
        let files: [String: FileStamp?]

        init(files: [String: FileStamp?] = [:]) { self.files = files }

        var count: Int { asked.withLock { $0 } }

        func compile(
            _ spec: JSON, dataRoots: [String], worker: CheckRequest.Worker, faults: SpecErrors
        ) -> CompiledJob? {
            asked.withLock { $0 += 1 }
            return CompiledJob(
                mode: .train, shards: 8, deviceJob: "worker", canonical: ["model": spec["model"] ?? .null],
                files: files
            ) { ["parameters": 3] }
        }
    }

    private func request(_ spec: JSON, roots: [String] = ["/data"], isDryRun: Bool = false) -> CheckRequest {
        CheckRequest(
            number: 1, body: spec.serialized(), dataRoots: roots, isDryRun: isDryRun,
            limits: .init(processorSeconds: 1, memoryBytes: 1 << 30, specificationBytes: 8 << 20))
    }

    /// The service's part says nothing about the training part; all else does.
    @Test func theTrainingPartAndTheRootsAreTheKey() {
        let compiler = Counting()
        var check = SpecificationCheck(compiler: compiler)
        let base: JSON = ["model": 1]
        let requests: [(CheckRequest, asked: Int)] = [
            (request(base), 1), (request(["model": 1, "name": "b", "priority": 3, "labels": ["a": "b"]]), 1),
            (request(["model": 1, "train_batch_size": 8]), 2), (request(base, roots: ["/other"]), 3),
            (request(base, roots: ["/data", "/other"]), 4), (request(base), 4), (request(["model": 2]), 5),
        ]
        for (request, asked) in requests {
            _ = check.run(request)
            #expect(compiler.count == asked, "\(String(decoding: request.body, as: UTF8.self)) \(request.dataRoots)")
        }
    }

    @Test func aPlanIsMadeOnceItIsAskedFor() {
        let compiler = Counting()
        var check = SpecificationCheck(compiler: compiler)
        for (isDryRun, asked) in [(false, 1), (true, 2), (true, 2), (false, 2)] {
            guard case .passed(let passed) = check.run(request(["model": 1], isDryRun: isDryRun)) else {
                Issue.record("it passes")
                return
            }
            #expect((passed.plan != nil) == isDryRun)
            #expect(compiler.count == asked)
        }
    }

    /// A file whose stamp is not known could be another one the next time.
    @Test func aFileWithoutAStampIsLookedAtEachTime() {
        let compiler = Counting(files: ["a.csv": nil])
        var check = SpecificationCheck(compiler: compiler)
        for asked in 1...3 {
            guard case .passed(let passed) = check.run(request(["model": 1])) else {
                Issue.record("it passes")
                return
            }
            #expect(passed.files == nil)
            #expect(compiler.count == asked)
        }
    }

    @Test func whatIsTooLongIsNotKept() {
        let compiler = Counting()
        var check = SpecificationCheck(compiler: compiler)
        let long: JSON = ["model": .string(String(repeating: "x", count: 1 << 20))]
        for asked in 1...2 {
            _ = check.run(request(long))
            #expect(compiler.count == asked)
        }
    }

    @Test func whatWasUsedLongestAgoIsForgotten() {
        let compiler = Counting()
        var check = SpecificationCheck(compiler: compiler)
        for number in 0...256 { _ = check.run(request(["model": JSON(number)])) }
        #expect(compiler.count == 257)
        _ = check.run(request(["model": 256]))
        #expect(compiler.count == 257)
        _ = check.run(request(["model": 0]))
        #expect(compiler.count == 258)
    }
}
