import API
import Formats
import HTTP

/// Queries: what was read, written anew, is read the same; a value that passes is one that its kind allows.
enum QueryChecks {
    static func broken(by input: [UInt8]) -> String? {
        guard let first = input.first else { return nil }
        let endpoint = Endpoint.all[Int(first) % Endpoint.all.count]
        guard let items = try? Query.parse(input.dropFirst()) else { return nil }
        guard let again = try? Query.parse(Array(written(items).utf8)[...]), again == items else {
            return "\(written(items)) is not read as \(items)"
        }
        guard let values = try? QueryValues(items.map { ($0.name, $0.value) }, of: endpoint.query) else { return nil }
        guard (try? QueryValues(again.map { ($0.name, $0.value) }, of: endpoint.query)) == values else {
            return "\(written(items)) has other values"
        }
        for parameter in endpoint.query {
            if let broken = broken(parameter, values) { return "\(parameter.name) of \(written(items)): \(broken)" }
        }
        guard endpoint.operation == .listEvents,
            let events = try? EventSelection(values, lastEventID: nil, isStream: false)
        else { return nil }
        return (1...EventSelection.largestLimit).contains(events.limit) ? nil : "\(events.limit) events a page"
    }

    private static func written(_ items: [QueryItem]) -> String {
        items.map { "\(PercentEncoding.encoded($0.name))=\(PercentEncoding.encoded($0.value))" }.joined(separator: "&")
    }

    private static func broken(_ parameter: QueryParameter, _ values: QueryValues) -> String? {
        let texts = values.texts(parameter.name)
        guard texts.count <= (parameter.repeats ? QueryParameter.mostRepeats : 1) else { return "\(texts.count) times" }
        guard let text = texts.first else { return nil }
        switch parameter.kind {
        case .integer(let least, let most):
            guard let number = values.integer(parameter.name), (least...most).contains(number), "\(number)" == text
            else { return "\(text) passes" }
        case .duration:
            guard let seconds = values.seconds(parameter.name), seconds >= 0, seconds.isFinite else { return text }
        case .word(let words): if !words.contains(text) { return "\(text) passes" }
        case .flag, .option:
            if values.flag(parameter.name) != (text != "false") { return "\(text) is \(values.flag(parameter.name))" }
        case .label:
            let labels = values.labels(parameter.name)
            guard labels.count == texts.count, labels.map({ "\($0.name)=\($0.value)" }) == texts,
                labels.allSatisfy({ !$0.name.isEmpty && !$0.name.contains("=") })
            else { return "\(texts) are \(labels)" }
        case .text, .pageToken: if text.isEmpty { return "empty" }
        }
        return nil
    }
}
