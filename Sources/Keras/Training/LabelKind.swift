/// What a row's labels are, and so which shapes of them go with an output.
enum LabelKind: Sendable, Equatable {
    /// A class number for each position; one of them may be the number of none.
    case classes(ignored: Int? = nil)
    /// A number for each class.
    case oneHot
    /// Numbers like the output's.
    case numbers
    /// A number for each row that says which rows belong together; any numbers will do.
    case groups
    /// The class numbers that a row's positions spell, in order from the front, and 0 behind them.
    case sequence

    /// Whether labels of one shape go with an output of another, both of one row.
    func fits(labels: [Int], output: [Int]) -> Bool {
        switch self {
        case .classes, .groups: !output.isEmpty && (labels == output.dropLast() || labels == output.dropLast() + [1])
        case .oneHot: !output.isEmpty && labels == output
        case .sequence: labels.count == 1 && output.count == 2 && labels[0] <= output[0] && output[0] > 0
        case .numbers: labels == output || labels + [1] == output || labels == output + [1]
        }
    }
}
