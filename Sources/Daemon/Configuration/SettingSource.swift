import Formats
import Yams

/// One of the three places where settings come from. A later one wins: file, environment, command line.
package enum SettingSource: Sendable {
    /// The text of a YAML file and what it is called in messages.
    case file(text: String, name: String)
    /// The process's environment; only names that begin with `TPUD_` are looked at.
    case environment([String: String])
    /// Flags by their setting's key, each with the values in the order given.
    case flags([String: [String]])

    /// Variables that begin with `TPUD_` and are not the daemon's: tests', fuzzers' and the client's, which run beside it.
    static let foreignVariables: Set<String> = [
        "TPUD_BINARY", "TPUD_CONFORMANCE_DIR", "TPUD_FUZZ", "TPUD_FUZZ_SECONDS", "TPUD_KILLS", "TPUD_ONLY", "TPUD_SEED",
        "TPUD_TOKEN", "TPUD_URL", "TPUD_WORKER", "TPUD_WRITE_DOCS",
    ]

    /// A setting found in a source, with its place for messages.
    struct Finding {
        var setting: Setting
        var value: SettingValue
    }

    /// Reads the source against the manifest. Faults are collected, never skipped.
    func findings(in manifest: [Setting], faults: inout [ConfigurationError.Fault]) -> [Finding] {
        switch self {
        case .file(let text, let name): Self.file(text, name, manifest, &faults)
        case .environment(let variables): Self.environment(variables, manifest, &faults)
        case .flags(let flags): Self.flags(flags, manifest, &faults)
        }
    }

    private static func environment(
        _ variables: [String: String], _ manifest: [Setting], _ faults: inout [ConfigurationError.Fault]
    ) -> [Finding] {
        var findings: [Finding] = []
        for (variable, text) in variables.sorted(by: { $0.key < $1.key })
        where variable.hasPrefix("TPUD_") && !foreignVariables.contains(variable) {
            guard let setting = manifest.first(where: { $0.variable == variable }) else {
                faults.append(unknown(variable, manifest.map(\.variable), place: "environment"))
                continue
            }
            do throws(SettingError) {
                findings.append(Finding(setting: setting, value: try setting.kind.value(of: text)))
            } catch {
                faults.append(.init(place: "environment", key: variable, detail: error.detail))
            }
        }
        return findings
    }

    private static func flags(
        _ flags: [String: [String]], _ manifest: [Setting], _ faults: inout [ConfigurationError.Fault]
    ) -> [Finding] {
        var findings: [Finding] = []
        for setting in manifest {
            guard let texts = flags[setting.key], let last = texts.last else { continue }
            if setting.kind == .paths {
                if texts.contains("") {
                    faults.append(.init(place: "command line", key: setting.flag, detail: "is empty; it takes a path"))
                    continue
                }
                findings.append(Finding(setting: setting, value: .list(texts)))
                continue
            }
            do throws(SettingError) {
                if setting.kind.isList {
                    let entries = try texts.map { text throws(SettingError) in try setting.kind.entry(text) }
                    findings.append(
                        Finding(
                            setting: setting,
                            value: .list(setting.kind == .programs ? try SettingKind.programs(entries) : entries)))
                    continue
                }
                findings.append(Finding(setting: setting, value: try setting.kind.value(of: last)))
            } catch {
                faults.append(.init(place: "command line", key: setting.flag, detail: error.detail))
            }
        }
        for key in flags.keys.sorted() where !manifest.contains(where: { $0.key == key }) {
            faults.append(unknown(key, manifest.map(\.key), place: "command line"))
        }
        return findings
    }

    private static func file(
        _ text: String, _ name: String, _ manifest: [Setting], _ faults: inout [ConfigurationError.Fault]
    ) -> [Finding] {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            faults.append(.init(place: name, key: nil, detail: "is not YAML: \(error)"))
            return []
        }
        // A file with nothing but comments is an empty document.
        guard let root, !isNull(root) else { return [] }
        guard case .mapping(let mapping) = root else {
            faults.append(.init(place: name, key: nil, detail: "must be one mapping of keys to values"))
            return []
        }
        var findings: [Finding] = []
        for (key, node) in mapping {
            let place = name + (key.mark.map { ":\($0.line)" } ?? "")
            guard let key = key.string, let setting = manifest.first(where: { $0.key == key }) else {
                faults.append(unknown(key.string ?? "", manifest.map(\.key), place: place))
                continue
            }
            do throws(SettingError) {
                findings.append(Finding(setting: setting, value: try value(of: node, kind: setting.kind)))
            } catch {
                faults.append(.init(place: place, key: key, detail: error.detail))
            }
        }
        return findings
    }

    private static func value(of node: Node, kind: SettingKind) throws(SettingError) -> SettingValue {
        switch node {
        case .mapping(let mapping) where kind == .programs: return try programs(mapping)
        case .sequence where kind == .programs, .scalar where kind == .programs && !isNull(node):
            throw SettingError(detail: "must be a mapping of names to paths, such as {digits: /opt/digits/Digits}")
        case .sequence(let items) where kind == .paths:
            var list: [String] = []
            for item in items {
                guard case .scalar(let scalar) = item, !isNull(item), !scalar.string.isEmpty else {
                    throw SettingError(detail: "every entry must be a path")
                }
                list.append(scalar.string)
            }
            return .list(list)
        case .sequence(let items) where kind.isList:
            return .list(
                try items.map { item throws(SettingError) in
                    guard case .scalar(let scalar) = item, !isNull(item) else {
                        throw SettingError(
                            detail: kind == .names ? "every entry must be a host name" : "every entry must be a network"
                        )
                    }
                    return try kind.entry(scalar.string)
                })
        case .scalar where kind == .paths: throw SettingError(detail: "must be a list, such as [/srv/data]")
        case .scalar where kind == .names: throw SettingError(detail: "must be a list, such as [tpud.example]")
        case .scalar where kind == .networks: throw SettingError(detail: "must be a list, such as [10.1.0.0/16]")
        case .scalar(let scalar):
            if isNull(node) { return try kind.value(of: "") }
            switch kind {
            case .integer, .seconds:
                guard scalar.style == .plain || scalar.style == .any else {
                    throw SettingError(detail: "must be a number without quotes")
                }
            case .flag:
                guard scalar.style == .plain || scalar.style == .any else {
                    throw SettingError(detail: "must be true or false without quotes")
                }
            case .address, .pod, .path, .word, .integerOrAuto, .paths, .names, .networks, .programs: break
            }
            return try kind.value(of: scalar.string)
        default: throw SettingError(detail: "must be a \(kind.name)")
        }
    }

    private static func programs(_ mapping: Node.Mapping) throws(SettingError) -> SettingValue {
        var entries: [String] = []
        for (name, path) in mapping {
            guard case .scalar(let path) = path, let name = name.string else {
                throw SettingError(detail: "every entry must be a name and a path")
            }
            entries.append(try SettingKind.programs.entry("\(name)=\(path.string)"))
        }
        return .list(try SettingKind.programs(entries))
    }

    private static func isNull(_ node: Node) -> Bool {
        guard case .scalar(let scalar) = node, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    private static func unknown(_ name: String, _ names: [String], place: String) -> ConfigurationError.Fault {
        let hint = NearestName.of(name, among: names).map { "; did you mean \($0)?" } ?? ""
        return .init(place: place, key: name, detail: "is not a setting\(hint)")
    }
}
