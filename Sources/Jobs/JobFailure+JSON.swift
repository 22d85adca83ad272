package import Formats

extension JobFailure {
    /// The JSON form, every member present.
    package var json: JSON {
        [
            "code": .string(code), "message": .string(message), "step": .optional(step) { JSON($0) },
            "variable": .optional(variable, JSON.string),
        ]
    }

    /// Reads the JSON form.
    package init<Members: JSONMembers>(members: inout Members) throws(Members.Failure) {
        self.init(
            code: try members.string("code"), message: try members.string("message"),
            step: try members.optionalCount("step"), variable: try members.optionalString("variable"))
    }
}
