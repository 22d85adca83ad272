import HTTP

/// Makes a ``Configuration`` from defaults and sources: all of it or none of it.
package struct ConfigurationLoader: Sendable {
    /// The machine's processor cores that this process may use: what null in `workers` and `threads_per_worker` means.
    package var cores: Int
    /// The manifest; a parameter so that tests can bring their own.
    package var manifest: [Setting] = Setting.all

    /// - Parameter cores: at least 1.
    package init(cores: Int) {
        precondition(cores >= 1, "a machine has at least one core")
        self.cores = cores
    }

    /// Applies the sources in order over the defaults; a later source wins.
    /// - Throws: ``ConfigurationError`` with every fault of every source.
    package func load(_ sources: [SettingSource]) throws(ConfigurationError) -> Configuration {
        var faults: [ConfigurationError.Fault] = []
        var configuration = Configuration(
            listen: nil, socket: nil, allowedHosts: [], allowRemote: false, stateDirectory: "", dataRoots: [], pod: "",
            workers: 0, threadsPerWorker: 0, workerMemoryBytes: -1,
            checkers: 0, checkTimeout: 0, checkMemoryBytes: 0, maxSpecBytes: 0,
            queueLimit: 0, maxConnections: 0, maxBodyBytes: 0, headerTimeout: 0, bodyTimeout: 0, idleTimeout: 0,
            minReadRate: 0,
            heartbeat: 0, stallTimeout: 0, hangTimeout: 0, stopTimeout: 0, drainTimeout: 0, maxUncleanStarts: 0,
            logLevel: "")
        let defaults = SettingSource.file(
            text: manifest.map { "\($0.key): \($0.standard)\n" }.joined(), name: "defaults")
        for source in [defaults] + sources {
            for finding in source.findings(in: manifest, faults: &faults) {
                finding.setting.store(finding.value, in: &configuration)
            }
        }
        if configuration.listen == nil && configuration.socket == nil {
            faults.append(.init(place: "configuration", key: "listen", detail: "neither listen nor socket is set"))
        }
        if let text = configuration.listen, let address = ListenAddress(setting: text), !address.isLocal,
            !configuration.allowRemote
        {
            faults.append(
                .init(
                    place: "configuration", key: "listen",
                    detail: "other machines reach \(text), and tpud has no authentication yet: everybody there could "
                        + "run jobs and read files; listen on 127.0.0.1 or [::1], or set allow_remote to true"))
        }
        if configuration.stallTimeout < 2 * configuration.heartbeat {
            faults.append(
                .init(
                    place: "configuration", key: "stall_timeout_seconds",
                    detail: "\(configuration.stallTimeout) is less than two heartbeats of \(configuration.heartbeat)"))
        }
        guard faults.isEmpty else { throw ConfigurationError(faults: faults) }
        if configuration.workers < 0 { configuration.workers = cores }
        if configuration.threadsPerWorker < 0 {
            configuration.threadsPerWorker = max(1, cores / max(1, configuration.workers))
        }
        if configuration.checkers < 0 { configuration.checkers = min(cores, 2) }
        return configuration
    }

    /// The reload of SIGHUP: `old` with the reloadable settings of `new`, and the keys that changed but need a restart.
    package func reload(_ old: Configuration, to new: Configuration) -> (
        configuration: Configuration, restart: [String]
    ) {
        var merged = old
        var restart: [String] = []
        for setting in manifest {
            let value = setting.value(in: new)
            if setting.reloadable {
                setting.store(value, in: &merged)
            } else if value != setting.value(in: old) {
                restart.append(setting.key)
            }
        }
        return (merged, restart)
    }
}
