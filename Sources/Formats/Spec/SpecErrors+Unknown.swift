extension SpecErrors {
    /// Reports a name that is none of the known ones: with the nearest, and with all of them. A name that would be refused
    /// is never suggested; where it is the nearest, it is told that it is not supported yet.
    ///
    /// - Parameters:
    ///   - what: what the name should be, as "a map step".
    ///   - known: the names that there are.
    ///   - later: names that may be meant, but are not supported yet.
    package func addUnknown(
        _ name: String, _ what: String, among known: [String], listed: [String]? = nil,
        later: some Collection<String> = [] as [String], at pointer: JSONPointer
    ) {
        let sorted = known.sorted()
        let hint = nearest(to: name, among: sorted, later: later.sorted())
        let list = (listed?.sorted() ?? sorted).joined(separator: ", ")
        add(pointer, "\(name.quotedForMessage) is not \(what)\(hint); there are \(list)")
    }

    /// The end of a sentence about a name that is not known: "; did you mean "scale"?", or that the nearest name is not
    /// supported yet; empty where no name is near. Of equally near names the first counts, the accepted ones before those
    /// of a later version.
    package func nearest(
        to name: String, among accepted: some Sequence<String>, later: some Sequence<String> = [] as [String]
    ) -> String {
        let later = Array(later)
        guard let nearest = hint({ NearestName.of(name, among: Array(accepted) + later) }) else { return "" }
        return later.contains(nearest)
            ? "; \(nearest.quotedForMessage), which may be meant, is not supported yet"
            : "; did you mean \(nearest.quotedForMessage)?"
    }
}
