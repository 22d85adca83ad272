/// The log of a job inside its model folder.
package enum JobLog {
    /// Its name.
    package static let fileName = "log.txt"
}
