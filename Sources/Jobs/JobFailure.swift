/// What went wrong, for the people who own the job (`error` of a job and of an attempt).
package struct JobFailure: Hashable, Sendable {
    /// A word for programs: an outcome's name, `NO_PROGRESS`, …
    package var code: String
    /// A sentence for people; never an absolute path of the server's.
    package var message: String
    /// The first step that went wrong, where that is known.
    package var step: Int?
    /// The variable that went wrong, where there is one.
    package var variable: String?

    /// Makes a failure; step and variable are nil unless given.
    package init(code: String, message: String, step: Int? = nil, variable: String? = nil) {
        self.code = code
        self.message = message
        self.step = step
        self.variable = variable
    }
}
