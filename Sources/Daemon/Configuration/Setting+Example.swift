extension Setting {
    /// The text of `etc/tpud.yaml`: every key with its documentation, its default, and how else it can be set.
    package static var exampleFile: String {
        var text = """
            # The configuration of tpud, with every key at its default. `tpud check-config --config FILE` checks one.
            # The environment wins over this file, and the command line over both. SIGHUP reads all of it again: the
            # keys marked "reload" take effect then, all or none; the others need a restart.

            """
        for setting in all {
            text += "\n"
            for line in wrapped(setting.documentation, width: 117) { text += "# \(line)\n" }
            text += "# \(setting.kind.name); \(setting.variable), \(setting.flag)"
            text += setting.reloadable ? "; reload\n" : "\n"
            text += "\(setting.key): \(setting.standard)\n"
        }
        return text
    }

    private static func wrapped(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] += " \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
