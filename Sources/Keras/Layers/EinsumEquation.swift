/// Einstein's sum over an input and a kernel, `ab,bc->ac`: a letter for each axis, and what the result does not have is summed
/// over. `...` in front of input and result stands for all axes before the first letter.
struct EinsumEquation: Sendable, Equatable {
    /// Letters of the input, the first of them the batch, where it is not in the dots.
    let input: [Character]
    let kernel: [Character]
    let output: [Character]
    /// Whether input and result begin with `...`.
    let isElided: Bool

    /// Reads the text; nil: it is not `X,Y->Z` or `...X,Y->...Z` in letters that are unique in each part.
    init?(_ text: String) {
        let sides = text.split(separator: ",", omittingEmptySubsequences: false)
        guard sides.count == 2, let arrow = sides[1].firstRange(of: "->") else { return nil }
        var parts = [
            String(sides[0]), String(sides[1][..<arrow.lowerBound]), String(sides[1][arrow.upperBound...]),
        ]
        isElided = parts[0].hasPrefix("...") && parts[2].hasPrefix("...")
        if isElided { for place in [0, 2] { parts[place].removeFirst(3) } }
        let letters = parts.map(Array.init)
        let areLetters = letters.allSatisfy { part in
            !part.isEmpty && Set(part).count == part.count && part.allSatisfy { $0.isASCII && $0.isLetter }
        }
        guard areLetters else { return nil }
        (input, kernel, output) = (letters[0], letters[1], letters[2])
    }

    /// Why a product of two matrices does not give it; nil: it does.
    var mismatch: String? {
        for letter in output where !input.contains(letter) && !kernel.contains(letter) {
            return "\(letter) of the result is neither the input's nor the kernel's"
        }
        for letter in input where kernel.contains(letter) && output.contains(letter) {
            return "\(letter) is in all three parts, which is not supported"
        }
        for letter in input + kernel where !output.contains(letter) {
            if input.contains(letter), kernel.contains(letter) { continue }
            return "\(letter) is summed over in one part alone, which is not supported"
        }
        if !isElided, input[0] != output[0] || kernel.contains(input[0]) {
            return "the first letter of input and result is the batch, and not the kernel's"
        }
        return nil
    }

    /// Letters that are summed over, in the kernel's order.
    var summed: [Character] { kernel.filter { input.contains($0) } }
    /// Letters that the kernel brings, in its order.
    var brought: [Character] { kernel.filter { !input.contains($0) } }
    /// Letters of the input that stay, in its order.
    var kept: [Character] { input.filter { !kernel.contains($0) } }
}
