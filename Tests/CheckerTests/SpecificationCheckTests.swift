import Checker
import Formats
import Foundation
import Jobs
import Synchronization
import Testing
import WorkerProtocol

@Suite struct SpecificationCheckTests {
    /// Takes every training part, and counts how often it is asked.
    private final class Counting: JobCompiler {
        let asked = Mutex(0)

        func compile(
            _ spec: JSON, dataRoots: [String], worker: CheckRequest.Worker, faults: SpecErrors
        ) -> CompiledJob? {
            asked.withLock { $0 += 1 }
            if spec["model"] == "bad" { faults.add(JSONPointer(tokens: ["model"]), "is bad") }
            guard spec["model"] != "bad" else { return nil }
            return CompiledJob(
                mode: .train, shards: 8, deviceJob: "worker", canonical: ["model": spec["model"] ?? .null]
            ) { ["parameters": 3] }
        }
    }

    private let compiler = Counting()

    private func request(_ text: String, dry: Bool = false, bytes: Int = 1 << 20) -> CheckRequest {
        CheckRequest(
            number: 1, body: Array(text.utf8), dataRoots: ["/data"], isDryRun: dry,
            limits: .init(processorSeconds: 1, memoryBytes: 1 << 30, specificationBytes: bytes))
    }

    @Test func aGoodSpecificationIsWrittenWithItsDefaults() throws {
        var check = SpecificationCheck(compiler: compiler)
        let finding = check.run(request(#"{"model":[1],"name":"a"}"#, dry: true))
        guard case .passed(let passed) = finding else { throw Unexpected(finding) }
        let text = try JSON(parsing: passed.specification)
        #expect(text["name"] == "a" && text["model"] == [1] && text["priority"] == 0)
        #expect(passed.shards == 8 && passed.service["name"] == "a" && passed.service["model"] == nil)
        #expect(try passed.plan.map { try JSON(parsing: $0) } == ["parameters": 3])
    }

    @Test func theSameTrainingPartIsCompiledOnce() throws {
        var check = SpecificationCheck(compiler: compiler)
        for name in ["a", "b", "a"] { _ = check.run(request(#"{"model":[1],"name":"\#(name)"}"#)) }
        #expect(compiler.asked.withLock { $0 } == 1)
        // A plan was not made yet, and a different model not seen.
        _ = check.run(request(#"{"model":[1],"name":"c"}"#, dry: true))
        _ = check.run(request(#"{"model":[2],"name":"c"}"#))
        #expect(compiler.asked.withLock { $0 } == 3)
        // Of two faults, each comes again.
        for _ in 0..<2 { _ = check.run(request(#"{"model":"bad","name":"c"}"#)) }
        #expect(compiler.asked.withLock { $0 } == 5)
    }

    @Test func faultsOfBothPartsComeAtOnce() throws {
        var check = SpecificationCheck(compiler: compiler)
        let finding = check.run(request(#"{"model":"bad","priority":"x"}"#))
        guard case .faulty(let faulty) = finding else { throw Unexpected(finding) }
        #expect(Set(faulty.faults.map(\.pointer.description)) == ["/model", "/priority"])
        let other = check.run(request(#"{"model":1,"priority":"x"}"#))
        guard case .faulty(let known) = other else { throw Unexpected(other) }
        #expect(known.shards == 8)
    }

    @Test func bytesThatAreNoSpecification() throws {
        var check = SpecificationCheck(compiler: compiler)
        func status(_ text: String, bytes: Int = 1 << 20) throws -> (Int, String) {
            let finding = check.run(request(text, bytes: bytes))
            guard case .unreadable(let unreadable) = finding else { throw Unexpected(finding) }
            return (unreadable.status, unreadable.detail)
        }
        #expect(try status("{\"a\":").0 == 400)
        #expect(try status("[]").0 == 422)
        #expect(try status(String(repeating: "[", count: 201)).0 == 422)
        let long = try status(#"{"model":[1]}"#, bytes: 20)
        #expect(long.0 == 413 && long.1.contains("max_spec_bytes"))
        #expect(compiler.asked.withLock { $0 } == 1)
    }

    /// A file that has changed is looked at again, also when its text in the specification is the same.
    @Test func whatWasCompiledFromAnOtherFileDoesNotCount() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tpud-check-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "d.csv")
        func text(columns: Int) -> Data {
            let names = (0..<columns).map { "c\($0)" } + ["label"]
            let row = names.map { _ in "1" }.joined(separator: ",") + "\n"
            return Data((names.joined(separator: ",") + "\n" + String(repeating: row, count: 64)).utf8)
        }
        let spec = """
            {"mode":"train","train_batch_size":8,"tpu_config":{"num_shards":1},"model":[{"Dense":{"units":2}}],
             "loss":{"SparseCategoricalCrossentropy":{"from_logits":true}},"optimizer":{"SGD":{"learning_rate":0.1}},
             "train":{"max_steps":1,"input":{"source":{"csv":{"path":"d.csv","label":"label"}}}}}
            """
        var check = SpecificationCheck(compiler: KerasCompiler())
        var request = request(spec, dry: true)
        request.dataRoots = [folder.path]
        func parameters() throws -> Int? {
            let finding = check.run(request)
            guard case .passed(let passed) = finding, let plan = passed.plan else { throw Unexpected(finding) }
            return try JSON(parsing: plan)["parameters"]?.int
        }
        try text(columns: 3).write(to: file)
        #expect(try parameters() == 8)
        #expect(try parameters() == 8)
        try text(columns: 5).write(to: file)
        #expect(try parameters() == 12)
        try FileManager.default.removeItem(at: file)
        guard case .faulty(let faulty) = check.run(request) else { throw Unexpected("a missing file") }
        #expect(faulty.faults.map(\.pointer.description) == ["/train/input/source/csv/path"])
    }
}

private struct Unexpected: Error {
    var what: String

    init(_ what: some Any) { self.what = "\(what)" }
}
