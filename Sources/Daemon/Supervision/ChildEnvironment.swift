import Glibc

/// What the daemon's child processes (workers and checks) see of its environment: an allow-list. Everything else, which
/// may hold passwords and tokens of whoever started the daemon, stays with the daemon.
package enum ChildEnvironment {
    /// The variables that are handed on where they are set: where programs, libraries and the home folder are, language
    /// and time zone, where temporary files go, and the backtraces that an operator wants.
    package static let names = [
        "PATH", "LD_LIBRARY_PATH", "HOME", "TMPDIR", "TZ", "LANG", "LANGUAGE", "LC_ALL", "LC_COLLATE", "LC_CTYPE",
        "LC_MESSAGES", "LC_MONETARY", "LC_NUMERIC", "LC_TIME", "SWIFT_BACKTRACE",
    ]

    /// The whole environment of a child.
    ///
    /// Swift's backtracer takes half a minute to read a program of this size, in which the trapped process would seem to
    /// hang: so it is off unless the daemon's own environment says otherwise.
    package static func make() -> [String: String] {
        make { name in getenv(name).map { String(cString: $0) } }
    }

    /// The same from any source of values: `value` gives that of a variable, nil where it is not set.
    package static func make(from value: (String) -> String?) -> [String: String] {
        var environment = ["SWIFT_BACKTRACE": "enable=no"]
        for name in names {
            if let value = value(name) { environment[name] = value }
        }
        return environment
    }
}
