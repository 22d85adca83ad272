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
    /// How much a row counts in the loss: one for all outputs, or one for each of some by its name.
    var weights: [Place] = []

    /// The features, then the labels, then the weights: the order in which a program takes them.
    var order: [Int] { (features + labels + weights).map(\.element) }

    /// Where an output's labels are among what follows the features; nil: it has none.
    func label(of output: String) -> Int? { labels.firstIndex { $0.name == output } }

    /// Where an output's weights are among what follows the features; nil: all its rows count the same.
    func weight(of output: String) -> Int? {
        let place = weights.count == 1 ? 0 : weights.firstIndex { $0.name == output }
        return place.map { labels.count + $0 }
    }

    /// The place of each name among what is given: by name where both have the same names, else in order; nil where
    /// there are more or fewer.
    static func places(of names: [String], in given: [String]) -> [Int]? {
        guard names.count == given.count else { return nil }
        let byName = Dictionary(given.enumerated().map { ($1, $0) }) { first, _ in first }
        let places = names.compactMap { byName[$0] }
        return Set(places).count == names.count ? places : Array(names.indices)
    }
}
