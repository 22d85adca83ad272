import CLinux
import Worker
package import WorkerProtocol

/// The life of a check process (`tpud check`): specifications in, findings out, one after another.
package enum CheckerMain {
    /// What the kernel is told before the first check: no core files, a lower priority than the daemon's, and which
    /// status says that a trap came from lack of memory.
    package static func prepare() {
        _ = clinux_leave_no_core()
        _ = clinux_step_back(10)
        clinux_tell_exhaustion(CheckExitStatus.exhausted.rawValue)
        MemoryPolicy.diesBeforeTheDaemon()
    }

    /// Serves checks until the daemon closes the socket.
    /// - Parameters:
    ///   - socket: The descriptor of the socket to the daemon: 0 in a real process.
    ///   - limits: Whether the kernel is to hold the process to the limits of each request; not in a test's process.
    package static func run(socket: Int32, compiler: some JobCompiler, limits: Bool) -> CheckExitStatus {
        let socket = BlockingSocket(socket)
        var reader = CheckRequestReader()
        var check = SpecificationCheck(compiler: compiler)
        var buffer = [UInt8](repeating: 0, count: BlockingSocket.bufferSize)
        do throws(FrameError) {
            while true {
                while let request = try reader.next() {
                    if limits {
                        _ = clinux_limit_processor_time(UInt32(clamping: request.limits.processorSeconds))
                        _ = clinux_limit_memory(UInt64(clamping: request.limits.memoryBytes))
                    }
                    let finding = check.run(request)
                    let report = CheckReport(
                        number: request.number, peakBytes: Int(clamping: clinux_peak_memory()), finding: finding)
                    for piece in report.pieces where !socket.send(piece) { return .done }
                }
                guard let count = socket.receive(into: &buffer) else { return .done }
                reader.append(buffer[..<count])
            }
        } catch {
            return .abandoned
        }
    }
}
