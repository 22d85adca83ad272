package import Formats

/// What a dry run answers: the specification with every default filled in, and the plan.
package struct DryRunView: WireValue, Hashable {
    /// The specification with every default filled in.
    package var spec: JSON
    /// The plan: parameters, variables, steps, flops_per_step, peak_bytes, recompute, slice, summary.
    package var plan: JSON

    /// The plan in words: a few lines.
    package var summary: String? { plan["summary"]?.string }

    /// Makes the answer.
    package init(spec: JSON, plan: JSON) {
        self.spec = spec
        self.plan = plan
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(spec: try wire.required("spec").json, plan: try wire.required("plan").json)
    }

    /// The JSON form.
    package var wire: JSON { ["valid": true, "spec": spec, "plan": plan] }

    /// The JSON form's text from the texts of its parts.
    package static func serialized(spec: [UInt8], plan: [UInt8]) -> [UInt8] {
        let valid: JSON = ["valid": true]
        var bytes = valid.serialized()
        JSON.add("spec", text: spec, to: &bytes)
        JSON.add("plan", text: plan, to: &bytes)
        return bytes
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        Schema.object([
            "valid": Schema.boolean.means("Always true: what has faults is a 422"),
            "spec": Schema.reference("JobSpec").means("The specification with every default filled in"),
            "plan": Schema.object([
                "parameters": Schema.nullable(Schema.integer(0...)).means(
                    "Elements of the trainable variables; null where a program knows them"),
                "variables": Schema.list(of: Schema.anyObject).means(
                    "Every variable with name, shape and type; none where a program knows them"),
                "steps": Schema.nullable(Schema.integer(0...)).means(
                    "Steps that would be trained; null where it does not train"),
                "flops_per_step": Schema.nullable(Schema.number(0...)).means(
                    "Arithmetic operations of a step over all cores; null where it does not train, or a program knows it"
                ),
                "peak_bytes": Schema.nullable(Schema.integer(0...)).means(
                    "Memory that the plan of a step takes; null where it is not known"),
                "recompute": Schema.boolean.means(
                    "Whether activations are computed again for the backward pass, to fit the memory"),
                "slice": Schema.nullable(Schema.string).means("The topology that it needs; null without the TPU"),
                "summary": Schema.string.means("All of it in a few lines"),
            ]).means("What would run"),
        ])
    }
}

/// Which build answers (`GET /version`).
package struct VersionView: WireValue, Hashable {
    /// The daemon's version.
    package var version: String
    /// The compiler that built it.
    package var swift: String

    /// Makes the answer.
    package init(version: String, swift: String) {
        self.version = version
        self.swift = swift
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(version: try wire.required("version").string(), swift: try wire.required("swift").string())
    }

    /// The JSON form.
    package var wire: JSON { ["name": "tpud", "version": .string(version), "swift": .string(swift)] }

    /// The schema of the JSON form.
    package static var schema: JSON {
        Schema.object([
            "name": Schema.string.means("tpud"), "version": Schema.string.means("The daemon's version"),
            "swift": Schema.string.means("The compiler that built it"),
        ])
    }
}
