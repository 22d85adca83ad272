/// Which build this is.
package enum Build {
    /// The version's number.
    package static let number = "0.1.0"
    /// For `GET /version`.
    package static let version = VersionView(version: number, swift: compiler)

    #if compiler(>=6.4)
        private static let compiler = "6.4 or later"
    #elseif compiler(>=6.3)
        private static let compiler = "6.3"
    #else
        private static let compiler = "6.2"
    #endif
}
