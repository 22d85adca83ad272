import HTTP
import Jobs
import Logging

/// A checked value of every setting, by its key. A key or a kind that is not the manifest's is a mistake of this program and
/// ends it.
struct SettingValues: Sendable, Equatable {
    private var values: [String: SettingValue] = [:]

    /// No setting has a value yet.
    init() {}

    subscript(key: String) -> SettingValue? {
        get { values[key] }
        set { values[key] = newValue }
    }

    func text(_ key: String) -> String {
        guard case .text(let text)? = values[key] else { wrong(key) }
        return text
    }

    func optionalText(_ key: String) -> String? { isNone(key) ? nil : text(key) }

    func integer(_ key: String) -> Int {
        guard case .integer(let number)? = values[key] else { wrong(key) }
        return number
    }

    func optionalInteger(_ key: String) -> Int? { isNone(key) ? nil : integer(key) }

    /// A number; nil for `auto`.
    func integerOrAuto(_ key: String) -> Int? { values[key] == .text(SettingKind.auto) ? nil : integer(key) }

    func seconds(_ key: String) -> Double {
        guard case .seconds(let number)? = values[key] else { wrong(key) }
        return number
    }

    func list(_ key: String) -> [String] {
        guard case .list(let list)? = values[key] else { wrong(key) }
        return list
    }

    func flag(_ key: String) -> Bool {
        guard case .flag(let flag)? = values[key] else { wrong(key) }
        return flag
    }

    func address(_ key: String) -> ListenAddress? {
        if isNone(key) { return nil }
        guard case .address(let address)? = values[key] else { wrong(key) }
        return address
    }

    func pod(_ key: String) -> Pod {
        guard case .pod(let pod)? = values[key] else { wrong(key) }
        return pod
    }

    func level(_ key: String) -> Logger.Level {
        guard let level = Logger.Level(rawValue: text(key)) else { wrong(key) }
        return level
    }

    private func isNone(_ key: String) -> Bool { values[key] == SettingValue.none }

    private func wrong(_ key: String) -> Never {
        preconditionFailure("the setting \(key) has no value, or one of another kind")
    }
}
