import HTTPProperties

/// A parser of bytes that come from outside, with what must hold for each input: libFuzzer feeds what it finds, the unit
/// tests what is kept in Tests/Fuzz/Corpus.
package enum FuzzTarget: String, CaseIterable, Sendable {
    /// A request's head.
    case head
    /// A body in chunked coding.
    case chunked
    /// A request's target, and the route that it leads to.
    case target
    /// The value of a header field; the first byte says which field's.
    case field
    /// A query, and what an endpoint makes of it; the first byte says which endpoint's.
    case query
    /// A Range field; the first byte says how long the file is.
    case range
    /// A stream of events, as a client reads it.
    case events
    /// JSON, and pointers into it.
    case json
    /// A CSV file.
    case csv
    /// An IDX file, compressed or not.
    case idx
    /// A safetensors file.
    case safetensors

    /// What an input breaks, in words; nil when nothing. Whatever traps is not returned from.
    package func broken(by input: [UInt8]) -> String? {
        switch self {
        case .head: Self.head(input)
        case .chunked: Self.chunked(input)
        case .target: TargetChecks.broken(by: input)
        case .field: FieldChecks.broken(by: input)
        case .query: QueryChecks.broken(by: input)
        case .range: RangeChecks.broken(by: input)
        case .events: EventStreamChecks.broken(by: input)
        case .json: JSONChecks.broken(by: input)
        case .csv: TableChecks.csv(input)
        case .idx: TableChecks.idx(input)
        case .safetensors: SafetensorsChecks.broken(by: input)
        }
    }

    /// A head that is accepted is cut everywhere, any other in one place: cutting takes most of the time.
    private static func head(_ input: [UInt8]) -> String? {
        if case .head = ParserProperties.head(input[...]) { return ParserProperties.splitsAgree(input) }
        return ParserProperties.splitsAgree(input, at: oneCut(input))
    }

    /// As with heads.
    private static func chunked(_ input: [UInt8]) -> String? {
        let isWhole = ParserProperties.chunks(input, cut: 0).isComplete
        return ParserProperties.chunksAgree(input, at: isWhole ? nil : oneCut(input))
    }

    /// A place to cut at, which the input itself chooses: the same each time.
    static func oneCut(_ input: [UInt8]) -> Range<Int> {
        guard !input.isEmpty else { return 0..<0 }
        let cut = Int(input.reduce(UInt32(17)) { $0 &* 31 &+ UInt32($1) }) % input.count
        return cut..<(cut + 1)
    }
}
