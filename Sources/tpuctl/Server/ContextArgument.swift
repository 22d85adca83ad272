import ArgumentParser
import OrderedCollections

/// The context that a command is about, which there must be.
struct ContextArgument: ParsableArguments {
    @Argument(help: "The context's name.")
    var name: String

    /// Changes the file of contexts.
    ///
    /// - Throws: ``NotFound`` where none has the name.
    func change(_ body: (inout Contexts) -> Void) throws {
        try ContextsFile.change { contexts in
            guard contexts.entries[name] != nil else { throw contexts.missing(name) }
            body(&contexts)
        }
    }
}
