import Dispatch
import Glibc
import Jobs

/// Ctrl-C ends who waits, not the job: that is said.
enum Interruption {
    /// From now on Ctrl-C tells what becomes of the job and ends the program. The source must be kept.
    static func explain(_ job: JobID) -> any DispatchSourceSignal {
        signal(SIGINT, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler {
            if Terminal.showsProgress { Terminal.redraw("") }
            Terminal.note("job \(job) goes on: tpuctl wait \(job) follows it again, tpuctl cancel \(job) ends it")
            exit(ExitStatus.interrupted.rawValue)
        }
        source.resume()
        return source
    }
}
