package import Formats
package import Jobs

extension CheckpointFile: WireValue {
    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        var members = wire
        try self.init(members: &members)
    }

    /// The JSON form.
    package var wire: JSON { json }

    /// The schema of the JSON form.
    package static var schema: JSON {
        Schema.object([
            "name": Schema.string.means("Its name in the checkpoint"),
            "bytes": Schema.integer(0...).means("Its length in bytes"),
            "sha256": Schema.string.means("Its SHA-256 in lower-case hexadecimal"),
        ])
    }
}
