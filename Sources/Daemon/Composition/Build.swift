package import API

/// Which build this is.
package enum Build {
    /// For `GET /version` and `tpud --version`.
    package static let version = VersionView(version: "0.1.0", swift: compiler)

    #if compiler(>=6.4)
        private static let compiler = "6.4 or later"
    #elseif compiler(>=6.3)
        private static let compiler = "6.3"
    #else
        private static let compiler = "6.2"
    #endif
}
