import ArgumentParser

/// `tpuctl context list|use|set|remove`
struct ContextCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "context", abstract: "Name daemons, and choose the one that commands are for.",
        discussion: """
            Contexts are kept in ~/.config/tpud/contexts.yaml, which its owner alone may read. --context names one for a single
            command. --url, --token-file and the variables TPUD_URL and TPUD_TOKEN win over a context; its token goes to its own
            daemon alone.
            """,
        subcommands: [ContextList.self, ContextUse.self, ContextSet.self, ContextRemove.self])
}
