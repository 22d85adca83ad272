import API
import ArgumentParser
import Formats
import Jobs

/// `tpuctl diff JOB OTHER`
struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show in which fields the specifications of two jobs differ.",
        discussion: "Every default is filled in on both sides. A field that a job does not have is shown as -.")

    @Argument(help: "A job: its id, the beginning of its id, or its name.")
    var first: JobReference
    @Argument(help: "The job that it is compared with.")
    var second: JobReference
    @OptionGroup var options: ServerOptions

    func run() throws {
        let server = try options.server()
        let (old, new) = (try first.specification(on: server), try second.specification(on: server))
        let differences = SpecDifference.all(old.spec, new.spec)
        options.show(.array(differences.map(\.json))) {
            differences.isEmpty
                ? "the specifications are the same"
                : Table.aligned(
                    [["FIELD", old.id.description, new.id.description]]
                        + differences.map { [$0.pointer.description, Self.text($0.old), Self.text($0.new)] })
        }
    }

    private static func text(_ value: JSON?) -> String { value?.text ?? "-" }
}
