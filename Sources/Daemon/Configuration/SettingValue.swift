import API
package import HTTP
package import Jobs
import Transfer

/// A setting's value after it was read and checked.
package enum SettingValue: Sendable, Equatable {
    /// Nothing: only settings that allow null take it.
    case none
    /// Text, a path, or one of a list of words.
    case text(String)
    /// Where to listen.
    case address(ListenAddress)
    /// A pod.
    case pod(Pod)
    /// A whole number.
    case integer(Int)
    /// A number of seconds.
    case seconds(Double)
    /// Several paths or names.
    case list([String])
    /// True or false.
    case flag(Bool)
}

/// What a setting takes.
package enum SettingKind: Sendable, Equatable {
    /// Host and port to listen on.
    case address(optional: Bool)
    /// The name of a pod.
    case pod
    /// An absolute or relative path without NUL.
    case path(optional: Bool)
    /// Paths: a list in the file, separated by colons in the environment, a repeated flag.
    case paths
    /// Host names without ports: a list in the file, separated by commas in the environment, a repeated flag.
    case names
    /// Addresses and networks: a list in the file, separated by commas in the environment, a repeated flag.
    case networks
    /// Absolute paths by names: a mapping in the file, `name=/path` separated by commas in the environment, a repeated flag.
    case programs
    /// `true` or `false`.
    case flag
    /// A whole number inside the range, in decimal.
    case integer(ClosedRange<Int>, optional: Bool)
    /// The same, or `auto`, which goes by the machine.
    case integerOrAuto(ClosedRange<Int>)
    /// Seconds inside the range, in decimal, a fraction allowed.
    case seconds(ClosedRange<Double>)
    /// One of these words.
    case word([String])

    /// What the kind is called in documentation and messages.
    package var name: String {
        switch self {
        case .address(let optional):
            "host and port, such as 127.0.0.1:8470 or [::1]:8470" + (optional ? ", or null" : "")
        case .pod: "pod, such as v2-8, v3-32, or 2h8c for two hosts of eight cores"
        case .path(let optional): optional ? "path or null" : "path"
        case .paths: "list of paths"
        case .names: "list of names"
        case .networks: "list of networks"
        case .programs: "mapping of names to absolute paths"
        case .flag: "true or false"
        case .integer(let range, let optional):
            "whole number from \(range.lowerBound) to \(range.upperBound)" + (optional ? ", or null" : "")
        case .integerOrAuto(let range): "whole number from \(range.lowerBound) to \(range.upperBound), or \(Self.auto)"
        case .seconds(let range): "seconds from \(range.lowerBound) to \(range.upperBound)"
        case .word(let words): "one of " + words.joined(separator: ", ")
        }
    }

    /// Reads one scalar. Empty text is null.
    /// - Throws: a sentence that says what is taken instead.
    package func value(of text: String) throws(SettingError) -> SettingValue {
        if text.isEmpty {
            switch self {
            case .address(optional: true), .path(optional: true), .integer(_, optional: true):
                return .none
            case .paths, .names, .networks, .programs: return .list([])
            default: throw SettingError(detail: "is empty; it takes \(nameWithArticle)")
            }
        }
        guard !text.utf8.contains(0) else { throw SettingError(detail: "contains a NUL byte") }
        switch self {
        case .path: return .text(text)
        case .address:
            guard let address = ListenAddress(setting: text) else { throw refusal(of: text) }
            return .address(address)
        case .pod:
            guard let pod = try? Pod(parsing: text) else { throw refusal(of: text) }
            return .pod(pod)
        case .paths: return .list(text.split(separator: ":").map(String.init))
        case .names, .networks:
            return .list(
                try text.split(separator: ",").map { entry throws(SettingError) in try self.entry(String(entry)) })
        case .programs:
            return .list(
                try Self.programs(
                    text.split(separator: ",").map { entry throws(SettingError) in try self.entry(String(entry)) }))
        case .flag:
            guard text == "true" || text == "false" else { throw SettingError(detail: "must be true or false") }
            return .flag(text == "true")
        case .integer(let range, _):
            guard let number = StrictInteger.parse(text), range.contains(number) else { throw refusal(of: text) }
            return .integer(number)
        case .integerOrAuto(let range):
            if text == Self.auto { return .text(text) }
            guard let number = StrictInteger.parse(text), range.contains(number) else { throw refusal(of: text) }
            return .integer(number)
        case .seconds(let range):
            guard let number = Self.decimal(text), range.contains(number) else { throw refusal(of: text) }
            return .seconds(number)
        case .word(let words):
            guard words.contains(text) else { throw refusal(of: text) }
            return .text(text)
        }
    }

    /// Whether it takes several values.
    var isList: Bool {
        switch self {
        case .paths, .names, .networks, .programs: true
        case .address, .pod, .path, .flag, .integer, .integerOrAuto, .seconds, .word: false
        }
    }

    /// What means a number that goes by the machine.
    static let auto = "auto"

    /// One entry of a list.
    /// - Throws: for what can't be one.
    func entry(_ text: String) throws(SettingError) -> String {
        switch self {
        case .names: return try Self.hostName(text)
        case .networks:
            guard IPNetwork(text) != nil else {
                throw SettingError(detail: "'\(text)' is not an address or a network, such as 10.1.0.0/16 or ::1")
            }
            return text
        case .programs: return try Self.program(text)
        default:
            guard !text.isEmpty else { throw SettingError(detail: "is empty; it takes a path") }
            return text
        }
    }

    /// A host name as requests name it.
    /// - Throws: for what has a port, a scheme or blanks, which would never be equal to one.
    static func hostName(_ text: String) throws(SettingError) -> String {
        let isName =
            !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || byte == 45 || byte == 46 || byte == 95
            }
        let isAddress = text.hasPrefix("[") && text.hasSuffix("]")
        guard text == "*" || isName || isAddress else {
            throw SettingError(detail: "'\(text)' is not a host name without a port, such as tpud.example, or *")
        }
        return text
    }

    /// A program's name and its path, `name=/path`.
    /// - Throws: for a name that jobs could not give, and for a path that is not absolute.
    private static func program(_ text: String) throws(SettingError) -> String {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw SettingError(detail: "'\(text)' is not a name and a path, such as digits=/opt/digits/Digits")
        }
        let isName = parts[0].utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || byte == 45 || byte == 46 || byte == 95
        }
        guard isName, (1...63).contains(parts[0].utf8.count) else {
            throw SettingError(
                detail: "'\(parts[0])' is not a name of a program: expected 1 to 63 letters, digits, '-', '_' and '.'")
        }
        guard parts[1].hasPrefix("/") else {
            throw SettingError(detail: "\(parts[0]): '\(parts[1])' is not an absolute path")
        }
        return text
    }

    /// The entries in the order of their names.
    /// - Throws: for a name that is there twice.
    static func programs(_ entries: [String]) throws(SettingError) -> [String] {
        let names = entries.map { $0.prefix { $0 != "=" } }
        if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw SettingError(detail: "'\(twice)' is there twice")
        }
        return entries.sorted()
    }

    private func refusal(of text: String) -> SettingError {
        SettingError(detail: "'\(text)' is not \(nameWithArticle)")
    }

    private var nameWithArticle: String {
        switch self {
        case .word, .flag, .seconds: name
        default: "a \(name)"
        }
    }

    /// Digits, and at most one point between digits: no exponent, sign, `inf` or `nan`.
    private static func decimal(_ text: String) -> Double? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } })
        else {
            return nil
        }
        return Double(text)
    }
}

/// Why a setting's value is not taken.
package struct SettingError: Error, Equatable {
    /// The end of a sentence whose subject is the setting.
    package var detail: String
}
