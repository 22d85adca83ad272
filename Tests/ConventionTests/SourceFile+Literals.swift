extension SourceFile {
    /// The texts between quotes, each with its line; what is interpolated is left out. Raw strings are not looked for.
    var literals: [(line: Int, text: String)] {
        var literals: [(line: Int, text: String)] = []
        var isMultiline = false
        for (index, line) in lines.enumerated() {
            if isMultiline {
                let end = line.firstRange(of: "\"\"\"")?.lowerBound
                isMultiline = end == nil
                literals.append((index, Self.withoutInterpolations(line[..<(end ?? line.endIndex)])))
                continue
            }
            if line.hasSuffix("\"\"\"") {
                isMultiline = true
                continue
            }
            var rest = line[...]
            while let start = rest.firstIndex(where: { $0 == "\"" || $0 == "/" }) {
                if rest[start...].hasPrefix("//") { break }
                let begin = rest.index(after: start)
                guard rest[start] == "\"" else {
                    rest = rest[begin...]
                    continue
                }
                let end = Self.end(of: rest[begin...])
                literals.append((index, Self.withoutInterpolations(rest[begin..<end])))
                rest = end < rest.endIndex ? rest[rest.index(after: end)...] : ""
            }
        }
        return literals
    }

    /// Where the literal ends that begins with a text: at its closing quote, those of interpolations left out.
    private static func end(of text: Substring) -> Substring.Index {
        var depth = 0
        var isEscaped = false
        for index in text.indices {
            switch text[index] {
            case "\\" where !isEscaped:
                isEscaped = true
                continue
            case "(" where isEscaped || depth > 0: depth += 1
            case ")" where depth > 0: depth -= 1
            case "\"" where depth == 0 && !isEscaped: return index
            default: break
            }
            isEscaped = false
        }
        return text.endIndex
    }

    private static func withoutInterpolations(_ text: Substring) -> String {
        var result = ""
        var depth = 0
        var previous: Character = " "
        for character in text {
            if character == "(", previous == "\\" || depth > 0 {
                depth += 1
            } else if character == ")", depth > 0 {
                depth -= 1
            } else if depth == 0 {
                result.append(character)
            }
            previous = character
        }
        return result
    }
}
