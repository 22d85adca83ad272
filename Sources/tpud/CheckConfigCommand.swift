import ArgumentParser
import Daemon

/// `tpud check-config`: says what is wrong with a configuration, all at once, or nothing.
struct CheckConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config", abstract: "Check file, environment and flags without starting anything.")

    @OptionGroup var flags: ConfigurationFlags
    @Flag(help: "Print a file with every key at its default instead.") var defaults = false

    func run() throws {
        if defaults {
            print(Setting.exampleFile, terminator: "")
            return
        }
        do throws(ConfigurationError) {
            let configuration = try flags.load()
            var faults = configuration.missingDataRoots.map { path in
                ConfigurationError.Fault(
                    place: "configuration", key: "data_roots",
                    detail: "\(path) is not a folder: make it, or leave it out")
            }
            faults += configuration.unusablePrograms.map { name, detail in
                ConfigurationError.Fault(place: "configuration", key: "programs", detail: "\(name): \(detail)")
            }
            if let path = configuration.tokens {
                do throws(TokenFileError) {
                    _ = try LiveTokens(path: path)
                } catch {
                    faults.append(.init(place: "configuration", key: "tokens", detail: "\(error)"))
                }
            }
            if let path = configuration.webhookSecret {
                do throws(WebhookSecretError) {
                    _ = try WebhookSecretFile.read(path)
                } catch {
                    faults.append(.init(place: "configuration", key: "webhook_secret", detail: "\(error)"))
                }
            }
            guard faults.isEmpty else { throw ConfigurationError(faults: faults) }
        } catch {
            throw error.told
        }
        print("The configuration is good.")
    }
}
