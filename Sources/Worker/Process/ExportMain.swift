import CLinux
import Datasets
import Estimator
import Formats
import Glibc
import Keras
package import WorkerProtocol

/// The life of an export process (`tpud export`): a checkpoint in, a file of ONNX out.
package enum ExportMain {
    /// What the kernel is told first: no core files, a lower priority than the daemon's, and which status says that a trap came
    /// from lack of memory.
    ///
    /// - Parameters:
    ///   - seconds: processor time that it may take.
    ///   - memoryBytes: memory of its own that it may take.
    package static func prepare(seconds: Int, memoryBytes: Int) {
        _ = clinux_leave_no_core()
        _ = clinux_step_back(10)
        clinux_tell_exhaustion(ExportExitStatus.exhausted.rawValue)
        MemoryPolicy.diesBeforeTheDaemon()
        _ = clinux_limit_processor_time(UInt32(clamping: seconds))
        _ = clinux_limit_memory(UInt64(clamping: memoryBytes))
    }

    /// Writes the model, or why it can't be had.
    ///
    /// - Parameters:
    ///   - modelDirectory: the job's folder, with its specification.
    ///   - step: the checkpoint's.
    ///   - dataRoots: absolute paths of the folders that the job's files lie under.
    ///   - output: the descriptor of an empty file.
    package static func run(
        modelDirectory: String, step: Int, dataRoots: [String], output: Int32
    ) -> ExportExitStatus {
        do {
            let model = try model(modelDirectory, step, DataRoots(dataRoots))
            return write(model, to: output) ? .done : .abandoned
        } catch {
            var words = "\(error)".replacing(modelDirectory, with: "model_dir")
            for root in dataRoots where root.count > 1 { words = words.replacing(root, with: "data_root") }
            return write(Array(words.utf8), to: output) ? .refused : .abandoned
        }
    }

    private static func model(_ modelDirectory: String, _ step: Int, _ roots: DataRoots) throws -> [UInt8] {
        let text = try OpenFile(path: "\(modelDirectory)/\(SpecFile.name)").contents()
        let faults = SpecErrors()
        let spec = try JSON(parsing: text, limits: .own)
        if ProgramDefinition.isOne(spec) {
            throw JobAttemptError.data("its job is a program's, which alone knows its model")
        }
        guard
            let job = JobDefinition.read(
                spec, roots: roots, jobs: JobCheckpoints(beside: modelDirectory), faults: faults)
        else { throw JobAttemptError.faults(faults.all) }
        return try job.onnxModel(modelDirectory: modelDirectory, step: step)
    }

    private static func write(_ bytes: [UInt8], to output: Int32) -> Bool {
        var written = 0
        while written < bytes.count {
            // unsafe: the bytes live through the call.
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(output, buffer.baseAddress.map { $0 + written }, buffer.count - written)
            }
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }
}
