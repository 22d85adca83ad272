/// Where the time of a program's steps goes: region by region, between two of which all threads meet.
package struct StepProfile: Sendable {
    /// What is done between two meetings.
    package struct Region: Sendable {
        /// Over what it is spread: `serial` (the calling thread), `lanes`, `replicas` or `chunks`.
        package let grid: String
        /// Tasks that threads take one by one.
        package let tasks: Int
        /// Seconds of one step from the region's start to the meeting at its end.
        package let seconds: Double
        /// In order.
        package let instructions: [Instruction]
    }

    /// One thing that each task of a region does; in a region of chunks, what one group of tasks does.
    package struct Instruction: Sendable {
        /// The ops that it computes, the first node's type and name.
        package let description: String
        /// Seconds of one step, all threads' together.
        package let seconds: Double
    }

    /// Steps that were measured.
    package let steps: Int
    /// In order.
    package let regions: [Region]
}
