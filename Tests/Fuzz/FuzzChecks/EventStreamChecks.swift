import API

/// Streams of events: the same however the bytes come, and what a server writes is read as it was.
enum EventStreamChecks {
    static func broken(by input: [UInt8]) -> String? {
        var reader = EventStreamReader()
        let whole = reader.append(input)
        let id = reader.lastEventID
        let cuts = whole.isEmpty ? FuzzTarget.oneCut(input) : input.indices
        for cut in cuts {
            var reader = EventStreamReader()
            let parts = reader.append(input[..<cut]) + reader.append(input[cut...])
            guard parts == whole, reader.lastEventID == id else { return "cut at \(cut): \(parts), whole: \(whole)" }
        }
        var bytewise = EventStreamReader()
        guard input.flatMap({ bytewise.append([$0]) }) == whole else { return "byte by byte it is not \(whole)" }
        guard let event = whole.first else { return nil }
        var again = EventStreamReader()
        return again.append(event.bytes) == [event] ? nil : "\(event) is not read again"
    }
}
