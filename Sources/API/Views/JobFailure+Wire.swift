package import Formats
package import Jobs

extension JobFailure: WireValue {
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
            "code": Schema.string.means("A word for programs: the outcome's, or what went wrong, such as NAN_LOSS"),
            "message": Schema.string.means("What went wrong, for people"),
            "step": Schema.nullable(Schema.integer(0...)).means("The global step; null where it belongs to none"),
            "variable": Schema.nullable(Schema.string).means("The variable; null where it concerns none"),
        ])
    }
}
