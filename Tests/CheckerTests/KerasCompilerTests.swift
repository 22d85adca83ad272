import Checker
import Formats
import Jobs
import OrderedCollections
import Testing
import WorkerProtocol

@Suite struct KerasCompilerTests {
    private static func spec(_ change: (inout JSON) -> Void = { _ in }) throws -> JSON {
        var spec = try JSON(
            parsing: """
                {"mode":"train","train_batch_size":8,"tpu_config":{"num_shards":8},"model":[{"Dense":{"units":2}}],
                 "loss":"mean_squared_error","optimizer":"sgd",
                 "train":{"max_steps":4,"input":{"source":{"synthetic":{"features":{"shape":[4],"dtype":"float32"},
                  "labels":{"shape":[2],"dtype":"float32"},"examples":64}}}}}
                """)
        change(&spec)
        return spec
    }

    private static func compile(
        _ spec: JSON, worker: CheckRequest.Worker = .init()
    ) -> (job: CompiledJob?, faults: [SpecError]) {
        let faults = SpecErrors()
        var compiler = KerasCompiler()
        return (compiler.compile(spec, dataRoots: [], worker: worker, faults: faults), faults.all)
    }

    @Test func aJobIsCompiledWithItsPlan() throws {
        let (job, faults) = Self.compile(try Self.spec())
        #expect(faults.isEmpty, "\(faults)")
        let compiled = try #require(job)
        #expect((compiled.mode, compiled.shards, compiled.files.count) == (.train, 8, 0))
        #expect(!compiled.deviceJob.isEmpty)
        #expect(compiled.canonical["train_batch_size"]?.int == 8)
        let plan = try compiled.plan()
        #expect(plan["slice"]?.string == "2x4")
        #expect(plan["parameters"]?.int == 10)
    }

    @Test func aJobWithoutTheTPUHasNoSlice() throws {
        let (job, faults) = Self.compile(try Self.spec { $0["use_tpu"] = false })
        #expect(faults.isEmpty, "\(faults)")
        let compiled = try #require(job)
        #expect(compiled.shards == nil)
        #expect(try compiled.plan()["slice"] == .null)
    }

    /// The program is known by its name alone: nothing of it is run to check a job.
    @Test func aJobOfAProgramIsCompiled() throws {
        let spec = try Self.spec { spec in
            for name in ["model", "loss", "optimizer"] { spec[name] = nil }
            spec["program"] = ["name": "digits"]
        }
        let (job, faults) = Self.compile(spec, worker: .init(programs: ["digits"]))
        #expect(faults.isEmpty, "\(faults)")
        let compiled = try #require(job)
        #expect((compiled.mode, compiled.shards) == (.train, 8) && !compiled.deviceJob.isEmpty)
        let plan = try compiled.plan()
        #expect(plan["slice"] == "2x4" && plan["steps"] == 4 && plan["parameters"] == .null)
        #expect(plan["summary"]?.string?.contains("The program \"digits\"") == true)
        let refused = Self.compile(spec)
        #expect(refused.job == nil && refused.faults.map(\.pointer.description) == ["/program/name"])
    }

    /// A plan that the worker's memory can't hold is a fault of the model, whatever fitted before; a dry run tells what one
    /// that fits takes.
    @Test func thePlanIsHeldAgainstTheWorkersMemory() throws {
        let spec = try Self.spec { $0["train_batch_size"] = 8_388_608 }
        let (job, faults) = Self.compile(spec, worker: .init(threads: 1, memoryBytes: 64 << 20))
        #expect(job == nil)
        let fault = try #require(faults.first)
        #expect(fault.pointer.description == "/model")
        #expect(fault.detail.hasPrefix("is too large: its plan takes "), "\(fault)")
        #expect(
            fault.detail.hasSuffix(
                " MiB of memory, and a worker may have 64 MiB; make the batch or the model smaller, or ask the operator to "
                    + "raise worker_memory_bytes"), "\(fault)")
        #expect(try #require(fault.detail.split(separator: " ").compactMap { Int($0) }.first) > 64)
        let (fitting, none) = Self.compile(spec, worker: .init(threads: 1, memoryBytes: 8 << 30))
        #expect(none.isEmpty)
        let bytes = try #require(try fitting?.plan()["peak_bytes"]?.int)
        #expect(bytes > 64 << 20 && bytes < 8 << 30)
        let (larger, _) = Self.compile(spec, worker: .init(threads: 4, memoryBytes: 8 << 30))
        #expect(try larger?.plan()["peak_bytes"]?.int ?? 0 > bytes)

        var compiler = KerasCompiler()
        for (limit, fits) in [(8 << 30, true), (64 << 20, false), (8 << 30, true)] {
            let found = SpecErrors()
            let job = compiler.compile(spec, dataRoots: [], worker: .init(memoryBytes: limit), faults: found)
            #expect((job != nil, found.isEmpty) == (fits, fits))
        }
    }

    /// What was built before says nothing of a job of another structure, were it to differ in one number.
    @Test func everyStructureIsBuilt() throws {
        var compiler = KerasCompiler()
        for (rows, fits) in [(8, true), (8_388_608, false), (16, true), (8_388_608, false)] {
            let found = SpecErrors()
            let spec = try Self.spec { $0["train_batch_size"] = JSON(rows) }
            let job = compiler.compile(spec, dataRoots: [], worker: .init(memoryBytes: 64 << 20), faults: found)
            #expect((job != nil, found.isEmpty) == (fits, fits), "\(rows)")
        }
    }

    @Test func theTPUsJobIsTheDevices() throws {
        let (job, faults) = Self.compile(
            try Self.spec { $0["tpu_config"] = ["num_shards": 8, "tpu_job_name": "trainers"] })
        #expect(faults.isEmpty, "\(faults)")
        #expect(job?.deviceJob == "trainers")
    }

    /// A definition that reads well and can't be built is a fault of the model.
    @Test func whatCanNotBeBuiltIsAFault() throws {
        let (job, faults) = Self.compile(try Self.spec { $0["model"] = [["Dense": ["units": 3]]] })
        #expect(job == nil)
        #expect(!faults.isEmpty)
        let (none, missing) = Self.compile(try Self.spec { $0["loss"] = nil })
        #expect(none == nil)
        #expect(missing.contains { $0.pointer.description == "/loss" }, "\(missing)")
    }

    /// What was built before changes no answer: a compiler that has seen many jobs finds what a new one finds.
    @Test func aSweepIsReadAsItsFirstJobWas() throws {
        let optimizers: [JSON] = [
            ["SGD": ["learning_rate": 0.1]], ["SGD": ["learning_rate": 0.2]], ["SGD": ["learning_rate": -1]],
            ["SGD": ["learning_rate": "fast"]], ["SGD": ["learning_rate": 0.3, "momentum": 2]], "sgd",
            ["SGD": ["learning_rate": 0.1]],
        ]
        var old = KerasCompiler()
        for optimizer in optimizers {
            let spec = try Self.spec { $0["optimizer"] = optimizer }
            let faults = SpecErrors()
            let job = old.compile(spec, dataRoots: [], worker: .init(), faults: faults)
            let (new, newFaults) = Self.compile(spec)
            #expect(faults.all == newFaults)
            #expect(job?.canonical == new?.canonical)
            #expect(try job?.plan() == new?.plan())
        }
    }
}
