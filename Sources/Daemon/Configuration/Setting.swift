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
    /// Where its value is kept.
    let field: Field

    /// The environment variable: `TPUD_` and the key in upper case.
    package var variable: String { "TPUD_" + key.uppercased() }
    /// The flag: two hyphens and the key with hyphens; in the singular where it is repeated for several values.
    package var flag: String {
        let name = "--" + key.replacing("_", with: "-")
        return kind == .paths || kind == .names ? String(name.dropLast()) : name
    }

    /// A property of ``Configuration`` by its type.
    enum Field: Sendable {
        case text(any WritableKeyPath<Configuration, String> & Sendable)
        case optionalText(any WritableKeyPath<Configuration, String?> & Sendable)
        case integer(any WritableKeyPath<Configuration, Int> & Sendable)
        case seconds(any WritableKeyPath<Configuration, Double> & Sendable)
        case list(any WritableKeyPath<Configuration, [String]> & Sendable)
        case flag(any WritableKeyPath<Configuration, Bool> & Sendable)
    }

    init(
        _ key: String, _ field: Field, _ kind: SettingKind, standard: String, reloadable: Bool, _ documentation: String
    ) {
        self.key = key
        self.field = field
        self.kind = kind
        self.standard = standard
        self.reloadable = reloadable
        self.documentation = documentation
    }

    /// Puts a checked value of this setting's kind into the configuration. A null number is stored as -1,
    /// which no setting takes.
    func store(_ value: SettingValue, in configuration: inout Configuration) {
        switch (field, value) {
        case (.text(let path), .text(let text)): configuration[keyPath: path] = text
        case (.optionalText(let path), .text(let text)): configuration[keyPath: path] = text
        case (.optionalText(let path), .none): configuration[keyPath: path] = nil
        case (.integer(let path), .integer(let number)): configuration[keyPath: path] = number
        case (.integer(let path), .none): configuration[keyPath: path] = -1
        case (.seconds(let path), .seconds(let number)): configuration[keyPath: path] = number
        case (.list(let path), .list(let list)): configuration[keyPath: path] = list
        case (.flag(let path), .flag(let flag)): configuration[keyPath: path] = flag
        default: preconditionFailure("the kind of setting \(key) does not fit its field")
        }
    }

    /// The value that a configuration has for this setting.
    func value(in configuration: Configuration) -> SettingValue {
        switch field {
        case .text(let path): .text(configuration[keyPath: path])
        case .optionalText(let path): configuration[keyPath: path].map(SettingValue.text) ?? .none
        case .integer(let path): .integer(configuration[keyPath: path])
        case .seconds(let path): .seconds(configuration[keyPath: path])
        case .list(let path): .list(configuration[keyPath: path])
        case .flag(let path): .flag(configuration[keyPath: path])
        }
    }
}
