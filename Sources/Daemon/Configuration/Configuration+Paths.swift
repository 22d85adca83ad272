import Glibc

extension Configuration {
    /// The same with absolute data roots: a worker starts in another folder than the daemon.
    /// - Parameter folder: What relative paths begin at; nil, the default, for the folder that the process is in.
    package func absolute(from folder: String? = nil) -> Configuration {
        let folder = folder ?? Self.currentFolder
        var values = values
        values["data_roots"] = .list(dataRoots.map { $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" })
        return Configuration(values, cores: cores)
    }

    /// The data roots that are not folders now: jobs can't name files there.
    package var missingDataRoots: [String] {
        dataRoots.filter { path in
            var status = stat()
            return stat(path, &status) != 0 || status.st_mode & S_IFMT != S_IFDIR
        }
    }

    /// The programs that can't be started now, in the order of their names, each with a sentence.
    package var unusablePrograms: [(name: String, detail: String)] {
        programs.sorted { $0.key < $1.key }.compactMap { name, path in
            var status = stat()
            if stat(path, &status) != 0 { return (name, "\(path): \(String(cString: strerror(errno)))") }
            guard status.st_mode & S_IFMT == S_IFREG else { return (name, "\(path) is not a file") }
            guard access(path, X_OK) == 0 else { return (name, "\(path) is not executable") }
            return nil
        }
    }

    private static var currentFolder: String {
        guard let path = getcwd(nil, 0) else { return "." }
        defer { free(path) }
        return String(cString: path)
    }
}
