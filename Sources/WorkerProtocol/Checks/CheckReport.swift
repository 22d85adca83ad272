package import Formats
package import Jobs

/// What a check process found.
package struct CheckReport: Sendable, Equatable {
    /// Which check this is.
    package var number: Int
    /// The most memory that the process has used so far, in bytes.
    package var peakBytes: Int
    /// What was found.
    package var finding: Finding

    /// What a check finds.
    package enum Finding: Sendable, Equatable {
        /// A specification without a fault.
        case passed(PassedCheck)
        /// One with faults.
        case faulty(FaultyCheck)
        /// Bytes that are not a specification at all, or one past a limit.
        case unreadable(UnreadableCheck)
    }

    /// Makes it of its members.
    package init(number: Int, peakBytes: Int, finding: Finding) {
        self.number = number
        self.peakBytes = peakBytes
        self.finding = finding
    }
}

/// A specification without a fault, and what the daemon has to know of it.
package struct PassedCheck: Sendable, Equatable {
    /// The service's fields that were given, an object.
    package var service: JSON
    /// What the job is asked to do.
    package var mode: JobMode
    /// How many cores it needs; nil when it runs without the TPU.
    package var shards: Int?
    /// The name between `/job:` and `/task:` of its devices.
    package var deviceJob: String
    /// How many checkpoints it keeps; nil where the specification leaves that open.
    package var keepCheckpointMax: Int?
    /// The whole specification with every default filled in: the text of a JSON object.
    package var specification: [UInt8]
    /// The plan, the text of a JSON object; nil where none was asked for.
    package var plan: [UInt8]?
    /// The files that were looked at, by their paths under the data roots: while they stay so, the same text passes
    /// again. Nil where that is not sure.
    package var files: [String: FileStamp]?

    /// All of it; without a number of checkpoints and without files unless given.
    package init(
        service: JSON, mode: JobMode, shards: Int?, deviceJob: String, keepCheckpointMax: Int? = nil,
        specification: [UInt8], plan: [UInt8]?, files: [String: FileStamp]? = nil
    ) {
        self.service = service
        self.mode = mode
        self.shards = shards
        self.deviceJob = deviceJob
        self.keepCheckpointMax = keepCheckpointMax
        self.specification = specification
        self.plan = plan
        self.files = files
    }
}

/// What is wrong with a specification.
package struct FaultyCheck: Sendable, Equatable {
    /// The first faults, at least one.
    package var faults: [SpecError]
    /// How many more there are.
    package var more: Int
    /// How many cores it needs, where its training part has no fault: the daemon knows whether the pod has them.
    package var shards: Int?

    /// Makes it of its members.
    package init(faults: [SpecError], more: Int, shards: Int?) {
        self.faults = faults
        self.more = more
        self.shards = shards
    }
}

/// Why bytes are not a specification.
package struct UnreadableCheck: Sendable, Equatable {
    /// The status of the answer, 400 to 499.
    package var status: Int
    /// A word for programs; nil for the status' own.
    package var code: String?
    /// What is wrong, a sentence.
    package var detail: String

    /// Makes it of its members.
    package init(status: Int, code: String?, detail: String) {
        self.status = status
        self.code = code
        self.detail = detail
    }
}
