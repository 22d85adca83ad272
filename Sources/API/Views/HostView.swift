package import Formats
package import Jobs

/// A host and its state, as a verb left it (`POST /v1/hosts/{n}/<verb>`). Its cores are in the topology.
package struct HostView: WireValue, Hashable {
    /// Its number.
    package var host: Int
    /// Its state.
    package var state: HostState

    /// Makes the view.
    package init(host: Int, state: HostState) {
        self.host = host
        self.state = state
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(host: try wire.required("host").int(), state: try wire.required("state").choice())
    }

    /// The JSON form.
    package var wire: JSON { ["host": JSON(host), "state": .string(state.rawValue)] }

    /// The schema of the JSON form.
    package static var schema: JSON {
        Schema.object([
            "host": Schema.integer(0...).means("Its number, from 0"),
            "state": Schema.words(of: HostState.self).means(
                "UP: takes jobs. DRAINING: finishes what runs there and takes no more. DOWN: it failed"),
        ])
    }
}
