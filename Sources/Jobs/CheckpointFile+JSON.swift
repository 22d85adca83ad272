package import Formats

extension CheckpointFile {
    /// The JSON form.
    package var json: JSON { ["name": .string(name), "bytes": JSON(bytes), "sha256": .string(sha256)] }

    /// Reads the JSON form.
    package init<Members: JSONMembers>(members: inout Members) throws(Members.Failure) {
        self.init(
            name: try members.string("name"), bytes: try members.count("bytes"), sha256: try members.string("sha256"))
    }
}
