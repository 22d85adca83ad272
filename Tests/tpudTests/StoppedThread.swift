import Foundation
import Testing

/// Holds a process's busiest thread with ptrace(2) while its others run: what a deadlock looks like from outside.
enum StoppedThread {
    /// Returns once the thread stands still, for as long as its process lives. Skips the test, with a word, where this user
    /// may not trace a process that is not a child.
    static func hold(_ process: Int32) throws {
        let holder = Process()
        holder.executableURL = URL(filePath: "/usr/bin/env")
        holder.arguments = ["python3", "-c", program, "\(process)"]
        let output = Pipe()
        holder.standardOutput = output
        try holder.run()
        let word = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        if word.hasPrefix("not permitted") { try Test.cancel("skipped: this user may not trace other processes") }
        try #require(word.hasPrefix("stopped"), "\(word)")
    }

    /// PTRACE_SEIZE and PTRACE_INTERRUPT of the one thread, whose stop is waited for (__WALL), and then its end: it is told
    /// to the tracer first, and to the parent only afterwards.
    private static let program = """
        import ctypes, errno, os, sys
        libc = ctypes.CDLL(None, use_errno=True)
        libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
        def work(thread):
            with open(f"/proc/{sys.argv[1]}/task/{thread}/stat") as stat:
                return sum(map(int, stat.read().rpartition(")")[2].split()[11:13]))
        thread = int(max(os.listdir(f"/proc/{sys.argv[1]}/task"), key=work))
        if libc.ptrace(0x4206, thread, None, None) != 0:
            code = ctypes.get_errno()
            print("not permitted" if code == errno.EPERM else os.strerror(code), flush=True)
            sys.exit(0)
        libc.ptrace(0x4207, thread, None, None)
        os.waitpid(thread, 0x40000000)
        print("stopped", flush=True)
        os.waitpid(thread, 0x40000000)
        """
}
