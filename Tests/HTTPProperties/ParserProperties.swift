package import HTTP
package import HTTPTypes

/// What must hold for every sequence of bytes, whatever it is. The unit tests feed seeded mutations, the fuzzer what it
/// finds. Each function returns what was broken, or nil.
package enum ParserProperties {
    /// What reading came to.
    package enum Outcome: Equatable, Sendable {
        /// More bytes are needed.
        case incomplete
        /// A head of so many bytes, and what it says.
        case head(RequestHead, fields: HTTPFields, target: String)
        /// Refused.
        case error(HTTPError.Code)
    }

    /// Small limits, so that short inputs reach them.
    package static var limits: ServerConfiguration.Limits {
        var limits = ServerConfiguration.Limits()
        limits.requestLine = 200
        limits.fieldLine = 120
        limits.head = 700
        limits.fieldCount = 12
        limits.body = 5_000
        limits.chunkLine = 40
        return limits
    }

    /// Reads a head.
    package static func head(_ bytes: ArraySlice<UInt8>) -> Outcome {
        guard !bytes.isEmpty else { return .incomplete }
        let storage = RequestStorage()
        do throws(HTTPError) {
            guard let head = try HeadParser(limits: limits).parse(bytes.span, into: storage) else { return .incomplete }
            let request = Request(storage)
            return .head(head, fields: request.fields, target: request.target)
        } catch {
            return .error(error.code)
        }
    }

    /// A head that is read from its first bytes on, as they come, is read like the whole: no beginning of a good head
    /// is refused, none is taken for a whole one, and a refused one never was complete.
    ///
    /// - Parameter cuts: Lengths of the beginnings. Default all.
    package static func splitsAgree(_ bytes: [UInt8], at cuts: Range<Int>? = nil) -> String? {
        let whole = head(bytes[...])
        for count in cuts ?? bytes.indices {
            let part = head(bytes[..<count])
            switch (whole, part) {
            case (_, .incomplete): continue
            case (.error, .error): continue
            case (.head(let full, _, _), .head(let some, _, _)) where some == full && count >= full.byteCount: continue
            default: return "the first \(count) of \(bytes.count) bytes give \(part), all give \(whole)"
            }
        }
        if case .head(let read, _, _) = whole {
            guard read.byteCount <= bytes.count else { return "a head of \(read.byteCount) in \(bytes.count) bytes" }
            let exact = head(bytes[..<read.byteCount])
            guard exact == whole else { return "what follows a head changes it: \(exact), \(whole)" }
        }
        return nil
    }

    /// What taking chunked coding off came to.
    package struct Chunks: Equatable, Sendable {
        /// The body so far.
        package var body: [UInt8] = []
        /// How many bytes belonged to it.
        package var used = 0
        /// Whether its last byte was read.
        package var isComplete = false
        /// Why it was refused.
        package var error: HTTPError.Code?
        /// The fields after it.
        package var trailers = HTTPFields()
    }

    /// Takes chunked coding off bytes that come in two parts.
    package static func chunks(_ bytes: [UInt8], cut: Int) -> Chunks { chunks([bytes[..<cut], bytes[cut...]]) }

    /// Takes chunked coding off bytes that come in any parts.
    private static func chunks(_ parts: [ArraySlice<UInt8>]) -> Chunks {
        var decoder = ChunkedDecoder(limits: limits)
        var result = Chunks()
        do throws(HTTPError) {
            for part in parts {
                var taken: [UInt8] = []
                let used = try decoder.decode(part.span, from: 0) { piece in
                    for index in 0..<piece.count { taken.append(piece[index]) }
                }
                result.body += taken
                result.used += used
            }
        } catch {
            return Chunks(error: error.code)
        }
        result.isComplete = decoder.isComplete
        result.trailers = decoder.trailers
        return result
    }

    /// A chunked body that comes in two parts, cut anywhere, or byte by byte is read like the whole.
    ///
    /// - Parameter cuts: Where it is cut. Default everywhere.
    package static func chunksAgree(_ bytes: [UInt8], at cuts: Range<Int>? = nil) -> String? {
        let whole = chunks(bytes, cut: bytes.count)
        if whole.body.count > limits.body { return "a body over the limit was taken" }
        let bytewise = chunks(bytes.indices.map { bytes[$0...$0] })
        if bytewise != whole { return "byte by byte: \(bytewise), whole: \(whole)" }
        for cut in cuts ?? bytes.indices {
            let parts = chunks(bytes, cut: cut)
            if parts != whole { return "cut at \(cut): \(parts), whole: \(whole)" }
        }
        return nil
    }
}
