import HTTP

/// Makes a ``Configuration`` from defaults and sources: all of it or none of it.
package struct ConfigurationLoader: Sendable {
    /// The machine's processor cores that this process may use.
    package var cores: Int

    /// - Parameter cores: at least 1.
    package init(cores: Int) {
        precondition(cores >= 1, "a machine has at least one core")
        self.cores = cores
    }

    /// Applies the sources in order over the defaults; a later source wins.
    /// - Throws: ``ConfigurationError`` with every fault of every source.
    package func load(_ sources: [SettingSource]) throws(ConfigurationError) -> Configuration {
        var faults: [ConfigurationError.Fault] = []
        var values = SettingValues()
        let defaults = SettingSource.file(
            text: Setting.all.map { "\($0.key): \($0.standard)\n" }.joined(), name: "defaults")
        for source in [defaults] + sources {
            for finding in source.findings(in: Setting.all, faults: &faults) {
                values[finding.setting.key] = finding.value
            }
        }
        let configuration = Configuration(values, cores: cores)
        faults += Self.contradictions(in: configuration)
        guard faults.isEmpty else { throw ConfigurationError(faults: faults) }
        return configuration
    }

    /// What is wrong with several settings together.
    private static func contradictions(in configuration: Configuration) -> [ConfigurationError.Fault] {
        var faults: [ConfigurationError.Fault] = []
        func add(_ key: String, _ detail: String) {
            faults.append(.init(place: "configuration", key: key, detail: detail))
        }
        if configuration.listen == nil && configuration.socket == nil {
            add("listen", "neither listen nor socket is set")
        }
        if let address = configuration.listen, !address.isLocal {
            if configuration.tokens == nil {
                add(
                    "listen",
                    "other machines reach \(address.words), and without tokens everybody there could run jobs and read "
                        + "files; listen on 127.0.0.1 or [::1], or set tokens to a file that tpud token add --role admin "
                        + "--name NAME --file FILE makes")
            }
            if !configuration.allowRemote {
                add(
                    "listen",
                    "other machines reach \(address.words); listen on 127.0.0.1 or [::1], or set allow_remote to true")
            }
        }
        if configuration.stallTimeout < 2 * configuration.heartbeat {
            add(
                "stall_timeout_seconds",
                "\(configuration.stallTimeout) is less than two heartbeats of \(configuration.heartbeat)")
        }
        return faults
    }
}
