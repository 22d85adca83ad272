import API
import ArgumentParser
import Formats
import Jobs

/// `tpuctl redeliver ID`
struct Redeliver: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send a delivery of a webhook again, now and then as often as a new one.")

    @Argument(help: "The delivery's id, which tpuctl deliveries lists.")
    var delivery: String
    @OptionGroup var options: ServerOptions

    func run() throws {
        let path = "/v1/webhooks/deliveries/\(PercentEncoding.encoded(delivery))/redeliver"
        let answer = try options.server().postOnce(path, DeliveryView.self)
        options.show(answer, names: { [$0.id] }) { "\($0.id) \($0.state.rawValue)" }
    }
}
