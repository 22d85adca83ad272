/// Which arrays of a record are which inputs and outputs of a model.
struct InputArrangement: Sendable, Hashable {
    /// One array by the name that the model has for it.
    struct Place: Sendable, Hashable {
        let name: String
        /// Place among the arrays of the record.
        let element: Int
        /// Labels that are class numbers must lie below this; nil: any will do.
        var classes: Int?
    }

    /// In the order of the model's inputs.
    var features: [Place]
    /// In the order of the outputs that have labels.
    var labels: [Place]

    /// The features, then the labels: the order in which a program takes them.
    var order: [Int] { (features + labels).map(\.element) }

    /// The place of each name among what is given: by name where both have the same names, else in order; nil where
    /// there are more or fewer.
    static func places(of names: [String], in given: [String]) -> [Int]? {
        guard names.count == given.count else { return nil }
        let byName = Dictionary(given.enumerated().map { ($1, $0) }) { first, _ in first }
        let places = names.compactMap { byName[$0] }
        return Set(places).count == names.count ? places : Array(names.indices)
    }
}
