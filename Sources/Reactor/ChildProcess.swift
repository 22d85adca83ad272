import Glibc
import Subprocess
import SystemPackage

/// How a child process ended.
package enum ChildExit: Sendable, Equatable {
    /// It returned this status.
    case exited(Int32)
    /// This signal ended it.
    case signaled(Int32)
    /// It could not be started.
    case notStarted(SystemError)
}

/// What to start. The descriptors are the child's from here on: they are closed in this process once it runs or failed.
package struct ChildLaunch: Sendable {
    /// Absolute path of the program.
    package var executable: String
    /// Its arguments without the program's name.
    package var arguments: [String]
    /// The child's whole environment: nothing of this process's own is handed on.
    package var environment: [String: String]
    /// Where it starts; nil for here.
    package var workingDirectory: String?
    /// Becomes descriptor 0.
    package var standardInput: Int32
    /// Becomes descriptors 1 and 2.
    package var standardOutput: Int32

    /// Makes it of its members.
    package init(
        executable: String, arguments: [String], environment: [String: String], workingDirectory: String?,
        standardInput: Int32, standardOutput: Int32
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.standardInput = standardInput
        self.standardOutput = standardOutput
    }
}

/// A child process in a process group of its own. swift-subprocess closes every descriptor above 2 in it and reaps it.
package final class ChildProcess: Sendable {
    private let task: Task<ChildExit, Never>

    /// Starts it. `spawned` gets its process id, unless it could not be started.
    package init(_ launch: ChildLaunch, spawned: @escaping @Sendable (Int32) -> Void) {
        task = Task.detached {
            var options = PlatformOptions()
            options.processGroupID = 0
            // Cancelling the task is the way to kill: the library holds the pid until after the kill, so that a number
            // that the kernel gave to somebody else meanwhile is never hit.
            options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)]
            var variables: [Environment.Key: String] = [:]
            for (name, value) in launch.environment {
                guard let key = Environment.Key(rawValue: name) else { continue }
                variables[key] = value
            }
            let output = FileDescriptor(rawValue: launch.standardOutput)
            defer { try? output.close() }
            do {
                let result = try await run(
                    .path(FilePath(launch.executable)), arguments: Arguments(launch.arguments),
                    environment: .custom(variables),
                    workingDirectory: launch.workingDirectory.map { FilePath($0) }, platformOptions: options,
                    input: .fileDescriptor(
                        FileDescriptor(rawValue: launch.standardInput), closeAfterSpawningProcess: true),
                    output: .fileDescriptor(output, closeAfterSpawningProcess: false),
                    error: .fileDescriptor(output, closeAfterSpawningProcess: false)
                ) { execution in
                    spawned(execution.processIdentifier.value)
                }
                return switch result.terminationStatus {
                case .exited(let code): .exited(code)
                case .signaled(let signal): .signaled(signal)
                }
            } catch {
                return .notStarted(SystemError(notStarted: error))
            }
        }
    }

    /// Kills the whole process group with SIGKILL; once it has ended this does nothing.
    package func kill() { task.cancel() }

    /// How it ended, once it has; it is reaped then.
    package var exit: ChildExit { get async { await task.value } }
}

extension SystemError {
    /// Why a process could not be started; EIO where the library does not know the errno.
    fileprivate init(notStarted error: any Error) {
        let error = error as? SubprocessError
        let code = error?.code == .executableNotFound ? ENOENT : EIO
        self.init(call: "start of the process", code: error?.underlyingError?.rawValue ?? code)
    }
}
