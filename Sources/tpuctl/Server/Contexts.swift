import Formats
import OrderedCollections

/// The daemons that somebody works with, by names of their own, and which of them is meant where none is named.
struct Contexts: Equatable {
    /// One daemon.
    struct Entry: Equatable {
        /// Where it is: a URL, or `unix:PATH`.
        var url: String
        /// The token that its requests bear.
        var token: String?
        /// A file with that token.
        var tokenFile: String?
    }

    /// Which one is meant; nil where none was chosen.
    var current: String?
    /// All of them, in the order in which they were made.
    var entries: OrderedDictionary<String, Entry> = [:]

    /// No context at all.
    init() {}

    /// Reads the JSON form, whose faults are collected.
    init(_ json: JSON, faults: SpecErrors) {
        if json.isNull { return }
        let reader = ObjectReader(json, faults: faults)
        current = reader.string("current")
        if let contexts = reader.object("contexts") {
            for (name, value) in contexts.members {
                let entry = ObjectReader(value, at: contexts.pointer(to: name), faults: faults)
                let url = entry.string("url", required: true)
                let (token, tokenFile) = (entry.string("token"), entry.string("token_file"))
                if token != nil, tokenFile != nil { entry.fault("token", "must not be there beside token_file") }
                entry.finish()
                if let url { entries[name] = Entry(url: url, token: token, tokenFile: tokenFile) }
            }
        }
        reader.finish()
        if let current, entries[current] == nil, faults.isEmpty {
            reader.fault("current", "must be the name of a context, not \"\(current)\"")
        }
    }

    /// The JSON form.
    var json: JSON {
        var contexts: OrderedDictionary<String, JSON> = [:]
        for (name, entry) in entries {
            contexts[name] = [
                "url": .string(entry.url), "token": .optional(entry.token, JSON.string),
                "token_file": .optional(entry.tokenFile, JSON.string),
            ]
        }
        return ["current": .optional(current, JSON.string), "contexts": .object(contexts)]
    }

    /// The one of this name, or the chosen one; nil where none was chosen.
    ///
    /// - Throws: ``NotFound`` where none has the name.
    func entry(_ name: String?) throws(NotFound) -> Entry? {
        guard let name = name ?? current else { return nil }
        guard let entry = entries[name] else { throw missing(name) }
        return entry
    }

    /// Nothing is called so; those that there are are told.
    func missing(_ name: String) -> NotFound {
        let names = entries.keys.joined(separator: ", ")
        return NotFound(
            message: "no context is called \"\(name)\"; "
                + (names.isEmpty ? "tpuctl context set makes one" : "there are \(names)"))
    }

    /// As people see them: never a token.
    var rows: [[String]] {
        [["CURRENT", "NAME", "URL", "TOKEN"]]
            + entries.map { name, entry in
                let token = entry.token.map { _ in "kept here" } ?? entry.tokenFile ?? "-"
                return [name == current ? "*" : "", name, entry.url, token]
            }
    }
}
