extension Collection<String> {
    /// The names for a sentence: `"a", "b" and 3 more`, so many of them at most.
    package func quotedForMessage(most: Int = 20) -> String {
        let shown = prefix(most).map(\.quotedForMessage).joined(separator: ", ")
        return count > most ? "\(shown) and \(count - most) more" : shown
    }
}
