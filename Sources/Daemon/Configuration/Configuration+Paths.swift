import Glibc

extension Configuration {
    /// The same with absolute data roots: a worker starts in another folder than the daemon.
    /// - Parameter folder: What relative paths begin at; default the folder that the process is in.
    func absolute(from folder: String = Self.currentFolder) -> Configuration {
        var copy = self
        copy.dataRoots = dataRoots.map { $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" }
        return copy
    }

    private static var currentFolder: String {
        guard let path = getcwd(nil, 0) else { return "." }
        defer { free(path) }
        return String(cString: path)
    }
}
