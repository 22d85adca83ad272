package import Formats
package import Jobs

/// A trace of some steps (an element of `profiles`).
package struct ProfileView: WireValue, Hashable {
    /// Its number among the job's, from 1.
    package var profile: Int
    /// The first step that was traced.
    package var firstStep: Int
    /// The last one.
    package var lastStep: Int
    /// How long the file is.
    package var bytes: Int
    /// When it was written.
    package var createdAt: Timestamp

    /// Makes a profile of its members.
    package init(profile: Int, firstStep: Int, lastStep: Int, bytes: Int, createdAt: Timestamp) {
        self.profile = profile
        self.firstStep = firstStep
        self.lastStep = lastStep
        self.bytes = bytes
        self.createdAt = createdAt
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(
            profile: try wire.required("profile").int(), firstStep: try wire.required("first_step").int(),
            lastStep: try wire.required("last_step").int(), bytes: try wire.required("bytes").int(),
            createdAt: try wire.required("created_at").timestamp())
    }

    /// The JSON form.
    package var wire: JSON {
        [
            "profile": JSON(profile), "first_step": JSON(firstStep), "last_step": JSON(lastStep), "bytes": JSON(bytes),
            "created_at": .string(createdAt.rfc3339),
        ]
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        Schema.object([
            "profile": Schema.integer(1...).means("Its number among the job's, from 1"),
            "first_step": Schema.integer(0...).means("The first step that was traced"),
            "last_step": Schema.integer(0...).means("The last step that was traced"),
            "bytes": Schema.integer(0...).means("The length of its file"),
            "created_at": Schema.timestamp.means("When it was written"),
        ])
    }
}
