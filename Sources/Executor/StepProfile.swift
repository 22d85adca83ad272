/// Where the time of a program's steps goes: stage by stage, between two of which all threads meet.
package struct StepProfile: Sendable {
    /// What is done between two meetings.
    package struct Stage: Sendable {
        /// Who does it: `serial` (the calling thread), `lanes`, `replicas` or `chunks`.
        package let kind: String
        /// Tasks that threads take one by one.
        package let tasks: Int
        /// Seconds of one step from the stage's start to the meeting at its end.
        package let seconds: Double
        /// In order.
        package let instructions: [Instruction]
    }

    /// One thing that each task of a stage does; in a stage of chunks, what one group of tasks does.
    package struct Instruction: Sendable {
        /// The ops that it computes, the first node's type and name.
        package let description: String
        /// Seconds of one step, all threads' together.
        package let seconds: Double
    }

    /// Steps that were measured.
    package let steps: Int
    /// In order.
    package let stages: [Stage]
}
