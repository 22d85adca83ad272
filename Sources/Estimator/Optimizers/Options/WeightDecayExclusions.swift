import Graph

/// Variables that don't decay, by what their names hold.
package struct WeightDecayExclusions: Sendable, Hashable {
    /// A text that a name holds: anywhere, at its beginning, at its end, or as all of it.
    private struct Pattern: Hashable {
        var text: Substring
        var isAtTheBeginning = false
        var isAtTheEnd = false

        /// Nil: it is more than a text and its place.
        init?(_ pattern: String) {
            text = pattern[...]
            if text.first == "^" {
                text.removeFirst()
                isAtTheBeginning = true
            }
            if text.last == "$" {
                text.removeLast()
                isAtTheEnd = true
            }
            if text.contains(where: { "\\^$.|?*+()[]{}".contains($0) }) { return nil }
        }

        func matches(_ name: String) -> Bool {
            switch (isAtTheBeginning, isAtTheEnd) {
            case (true, true): name == text
            case (true, false): name.hasPrefix(text)
            case (false, true): name.hasSuffix(text)
            case (false, false): text.isEmpty || name.contains(text)
            }
        }
    }

    /// No variable.
    package static let none = WeightDecayExclusions()

    private let patterns: [Pattern]

    private init() { patterns = [] }

    /// Variables whose name one of these regular expressions matches. Of those, plain texts are taken, with `^` for the
    /// name's beginning and `$` for its end; nil: one is more than that, and could take without end to match.
    package init?(matching patterns: [String]) {
        let all = patterns.compactMap(Pattern.init)
        guard all.count == patterns.count else { return nil }
        self.patterns = all
    }

    /// Whether a variable of this name is left out.
    package func contain(_ name: String) -> Bool { patterns.contains { $0.matches(name) } }

    /// An update with the decay of its variable, where that decays.
    func adding(_ decay: Double, of variable: GraphVariable, to update: Tensor) -> Tensor {
        decay == 0 || contain(variable.name) ? update : update + variable.value * decay
    }
}
