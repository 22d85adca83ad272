/// Finds the name that somebody who mistyped one probably meant.
package enum NearestName {
    /// The known name that is fewest edits away, the first of equals; nil when all are too far to be a typing error
    /// (more than a third of the longer name, and more than two).
    package static func of(_ name: String, among known: some Sequence<String>) -> String? {
        // A name longer than any field is not a mistyped one, and the distance costs the product of the lengths.
        guard name.utf8.count <= 80 else { return nil }
        let folded = Array(name.lowercased().unicodeScalars)
        var best: (name: String, distance: Int)?
        for candidate in known where candidate.utf8.count <= 80 {
            let other = Array(candidate.lowercased().unicodeScalars)
            let distance = editDistance(folded, other)
            let longer = max(folded.count, other.count)
            let allowed = longer <= 3 ? 1 : max(2, longer / 3)
            if distance <= allowed, distance < longer, distance < best?.distance ?? .max {
                best = (candidate, distance)
            }
        }
        return best?.name
    }

    /// Damerau-Levenshtein distance in its optimal string alignment form: insertions, deletions, replacements and
    /// swaps of neighbours each cost one, and no piece is edited twice.
    package static func editDistance<Element: Equatable>(_ left: [Element], _ right: [Element]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            row.reserveCapacity(right.count + 1)
            for j in right.indices {
                let replaced = last[j] + (left[i] == right[j] ? 0 : 1)
                var cost = min(replaced, last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    cost = min(cost, beforeLast[j - 1] + 1)
                }
                row.append(cost)
            }
            beforeLast = last
            last = row
        }
        return last[right.count]
    }
}
