import API
import Formats
import Transfer

/// Follows an event stream and goes on after the last event that came whenever the connection ends or the server is away
/// for a while: nothing is lost and nothing comes twice.
struct EventWatch {
    let server: DaemonClient
    /// Where the stream is.
    let path: String
    /// Seconds that the server may be away in a row.
    var patience = 60.0

    /// Calls `show` with every event and returns once the stream says that no more come.
    ///
    /// - Parameters:
    ///   - after: Only events after this one; nil for all.
    ///   - tail: Only the last so many of those that are there; nil for all.
    func run(after: String?, tail: String?, show: (EventView) throws -> Void) throws {
        var reader = EventStreamReader(lastEventID: after)
        var isOver = false
        var absence = Absence(patience: patience)
        while !isOver {
            reader.restart()
            // Where it began is of no use once something came.
            let target = DaemonClient.target(path, ["tail": reader.lastEventID == nil ? tail : nil])
            var fields = [(name: "Accept", value: ServerSentEvent.mediaType)]
            if let id = reader.lastEventID { fields.append((name: "Last-Event-ID", value: id)) }
            do {
                try server.stream(target, fields: fields) { bytes in
                    absence.end()
                    for event in reader.append(bytes) {
                        if event.event == StreamEndView.event {
                            isOver = true
                        } else {
                            try show(try Self.view(event))
                        }
                    }
                }
                // A daemon that stops ends its streams, and may be there again in a moment.
                if !isOver { try absence.wait("the server has ended the stream", orThrow: Self.ended) }
            } catch {
                try absence.wait(for: error)
            }
        }
    }

    private static let ended = TransferError(.unreachable, "the server ends the stream again and again")

    private static func view(_ event: ServerSentEvent) throws -> EventView {
        do {
            return try EventView(wire: JSON(parsing: event.data))
        } catch {
            throw TransferError(.damaged, "an event of the stream is not what tpud sends: \(error)")
        }
    }
}
