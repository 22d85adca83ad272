/// Everything that is wrong with a configuration, all at once.
package struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    /// One thing that is wrong.
    package struct Fault: Sendable, Equatable {
        /// Where it is: `tpud.yaml:12`, `environment`, `command line`.
        package var place: String
        /// The key, variable or flag; nil for the whole source.
        package var key: String?
        /// A sentence without the place.
        package var detail: String

        /// Makes it of its members.
        package init(place: String, key: String?, detail: String) {
            self.place = place
            self.key = key
            self.detail = detail
        }
    }

    /// At least one fault.
    package var faults: [Fault]

    /// - Parameter faults: at least one.
    package init(faults: [Fault]) { self.faults = faults }

    /// One line a fault.
    package var description: String {
        faults.map { fault in
            "\(fault.place): " + (fault.key.map { "\($0): " } ?? "") + fault.detail
        }.joined(separator: "\n")
    }
}
