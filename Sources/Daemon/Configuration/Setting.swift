/// One key of the configuration: its name is the file's; environment and flag are derived from it.
package struct Setting: Sendable {
    /// The key in the file, snake_case.
    package let key: String
    /// What it takes.
    package let kind: SettingKind
    /// The default as it is in the file, `null` for nothing.
    package let standard: String
    /// Whether SIGHUP may change it in a running daemon.
    package let reloadable: Bool
    /// What it means: sentences for `etc/tpud.yaml` and `--help`.
    package let documentation: String

    /// The environment variable: `TPUD_` and the key in upper case.
    package var variable: String { "TPUD_" + key.uppercased() }
    /// The flag: two hyphens and the key with hyphens; in the singular where it is repeated for several values.
    package var flag: String {
        let name = "--" + key.replacing("_", with: "-")
        return kind.isList ? String(name.dropLast()) : name
    }

    init(_ key: String, _ kind: SettingKind, standard: String, reloadable: Bool, _ documentation: String) {
        self.key = key
        self.kind = kind
        self.standard = standard
        self.reloadable = reloadable
        self.documentation = documentation
    }
}
