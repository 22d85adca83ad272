package import Formats
package import Jobs

extension JobProgress: WireValue {
    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        var members = wire
        try self.init(members: &members)
    }

    /// The JSON form.
    package var wire: JSON { json }

    /// The schema of the JSON form.
    package static var schema: JSON {
        let rate = Schema.nullable(Schema.number(0...))
        return Schema.object([
            "global_step": Schema.integer(0...).means("Steps that were trained"),
            "target_step": Schema.nullable(Schema.integer(0...)).means(
                "The step that it trains to; null where it does not train"),
            "loss": Schema.nullable(Schema.number).means(
                "Core 0's loss of the last step that was reported; null where there is none or it is not finite"),
            "steps_per_second": rate.means(
                "Smoothed over 30 s, evaluations and checkpoints included; null once it has ended"),
            "examples_per_second": rate.means("The same in rows of the global batch"),
            "infeed_wait_fraction": Schema.nullable(Schema.number(0...1)).means(
                "The part of the time that the device waited for input, 0 to 1"),
            "eta_seconds": rate.means("Seconds to the target step at this speed; null once it has ended"),
        ])
    }
}
