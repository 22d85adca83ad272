package import Formats
package import Jobs

extension CheckpointFile: WireValue {
    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(
            name: try wire.required("name").string(), bytes: try wire.required("bytes").int(),
            sha256: try wire.required("sha256").string())
    }

    /// The JSON form.
    package var wire: JSON { ["name": .string(name), "bytes": JSON(bytes), "sha256": .string(sha256)] }

    /// The schema of the JSON form.
    package static var schema: JSON {
        Schema.object([
            "name": Schema.string.means("Its name in the checkpoint"),
            "bytes": Schema.integer.means("Its length in bytes"),
            "sha256": Schema.string.means("Its SHA-256 in lower-case hexadecimal"),
        ])
    }
}
