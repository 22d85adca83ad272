extension SpecErrors {
    /// Reports a name that is none of the known ones: with the nearest, and with all of them.
    ///
    /// - Parameters:
    ///   - what: what the name should be, as "a map step".
    ///   - known: the names that there are.
    ///   - hints: more names that may be meant.
    package func addUnknown(
        _ name: String, _ what: String, among known: [String], hints: some Collection<String> = [] as [String],
        at pointer: JSONPointer
    ) {
        let sorted = known.sorted()
        let nearest = hint { NearestName.of(name, among: sorted + hints) }
        add(
            pointer,
            "\(name.quotedForMessage) is not \(what)\(nearest.map { "; did you mean \"\($0)\"?" } ?? ""); there are "
                + sorted.joined(separator: ", "))
    }
}
