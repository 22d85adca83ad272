import HTTP
import TestSupport
import Testing

/// Requests out of bytes, without a connection.
@Suite struct RequestReaderTests {
    private let figures = ServerFigures()

    private func reader(
        together: Int = 1 << 20, perClient: Int? = nil, body: Int = 1 << 20
    ) -> (RequestReader, RequestPool) {
        var limits = ServerConfiguration.Limits()
        limits.body = body
        let pool = RequestPool(
            bodies: BodyBudget(limit: together, clientLimit: perClient, figures: figures))
        return (RequestReader(parser: HeadParser(limits: limits), pool: pool), pool)
    }

    private func head(_ fields: String) -> [UInt8] { Array("POST /a HTTP/1.1\r\nHost: h\r\n\(fields)\r\n".utf8) }

    /// Feeds pieces of a body until it is complete; how many bytes of them belonged to it.
    private func feed(
        _ pieces: [ArraySlice<UInt8>], to reader: inout RequestReader, keeps: Bool = true
    ) throws(HTTPError) -> Int? {
        var used = 0
        for piece in pieces where !piece.isEmpty {
            let part = try reader.readBody(piece.span, from: 0, keeps: keeps)
            used += part.next
            if part.isLast { return used }
        }
        return nil
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func aBodyInPiecesIsTheWholeBody(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for round in 0..<100 {
            let (fresh, pool) = reader()
            var reader = fresh
            let body = (0..<random.below(3_000)).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let isChunked = random.below(2) == 0
            let coded =
                isChunked
                ? (body.isEmpty ? [] : Array("\(String(body.count, radix: 16))\r\n".utf8) + body + [0x0d, 0x0a])
                    + Array("0\r\nx-sum: 1\r\n\r\n".utf8) : body
            let head = head(isChunked ? "Transfer-Encoding: chunked\r\n" : "Content-Length: \(body.count)\r\n")
            let read = try reader.readHead(head.span)
            #expect(read?.byteCount == head.count)
            reader.beginBody(of: .user(0))
            // What follows the body is the next request's.
            let bytes = coded + Array("GET".utf8)
            var cuts = (0..<random.below(6)).map { _ in random.below(bytes.count) } + [0, bytes.count]
            cuts.sort()
            let pieces = zip(cuts, cuts.dropFirst()).map { bytes[$0..<$1] }
            let used = try feed(pieces, to: &reader)
            #expect(used == coded.count, "seed \(seed), round \(round)")
            #expect(reader.bodyReceived == coded.count, "seed \(seed), round \(round)")
            let request = Request(try #require(reader.storage))
            #expect(Array(request.body) == body, "seed \(seed), round \(round)")
            #expect(request.trailers.count == (isChunked ? 1 : 0), "seed \(seed), round \(round)")
            #expect(pool.bodies.inMemory == body.count, "seed \(seed), round \(round)")
            reader.release()
            #expect(pool.bodies.inMemory == 0 && figures.bodyBytes == 0)
        }
    }

    @Test func aBodyForNobodyIsReadAndNotKept() throws {
        var (reader, pool) = reader()
        _ = try reader.readHead(head("Content-Length: 5\r\n").span)
        reader.beginBody(of: .user(0))
        let bytes = Array("12345GET".utf8)
        let part = try reader.readBody(bytes.span, from: 0, keeps: false)
        #expect(part.next == 5 && part.isLast)
        #expect(pool.bodies.inMemory == 0)
        #expect(reader.storage.map { Request($0).body.isEmpty } == true)
    }

    @Test func bodiesTogetherHaveALimit() throws {
        var (first, pool) = reader(together: 10)
        let other = RequestReader(parser: HeadParser(), pool: pool)
        var second = other
        for keeps in [true, false] {
            _ = try first.readHead(head("Content-Length: 8\r\n").span)
            first.beginBody(of: .user(0))
            _ = try first.readBody(Array("12345678".utf8).span, from: 0, keeps: true)
            _ = try second.readHead(head("Content-Length: 8\r\n").span)
            second.beginBody(of: .user(0))
            let code: HTTPError.Code?
            do throws(HTTPError) {
                _ = try second.readBody(Array("123".utf8).span, from: 0, keeps: keeps)
                code = nil
            } catch {
                code = error.code
            }
            #expect(code == (keeps ? .overloaded : nil))
            first.release()
            second.release()
            #expect(pool.bodies.inMemory == 0)
        }
    }

    /// Another client's body finds room while one has as many bytes as it may.
    @Test func bodiesOfOneClientHaveALimit() throws {
        let (_, pool) = reader(perClient: 10)
        let clients: [ClientKey] = [.name("a"), .name("a"), .name("b")]
        var readers = clients.map { _ in RequestReader(parser: HeadParser(), pool: pool) }
        for index in readers.indices {
            _ = try readers[index].readHead(head("Content-Length: 8\r\n").span)
            readers[index].beginBody(of: clients[index])
        }
        _ = try readers[0].readBody(Array("12345678".utf8).span, from: 0, keeps: true)
        #expect {
            var copy = readers[1]
            _ = try copy.readBody(Array("123".utf8).span, from: 0, keeps: true)
        } throws: { ($0 as? HTTPError)?.detail.contains("this client") == true }
        let whole = try readers[2].readBody(Array("12345678".utf8).span, from: 0, keeps: true)
        #expect(whole.isLast)
    }

    @Test func aChunkedBodyOverTheLimitIsRefused() throws {
        var (reader, _) = reader(body: 20)
        _ = try reader.readHead(head("Transfer-Encoding: chunked\r\n").span)
        reader.beginBody(of: .user(0))
        #expect {
            var copy = reader
            _ = try copy.readBody(Array("15\r\n".utf8).span, from: 0, keeps: true)
        } throws: { ($0 as? HTTPError)?.code == .bodyTooLarge }
    }

    @Test func aPartOfAHeadIsNotAHead() throws {
        var (reader, _) = reader()
        let whole = head("")
        let beginning = Array(whole[..<20])
        let part = try reader.readHead(beginning.span)
        #expect(part == nil)
        let read = try reader.readHead(whole.span)
        #expect(read?.framing == Framing.none)
    }

    @Test func anAnsweredRequestIsReadIntoAgainAndOneThatIsHeldIsNot() throws {
        var (reader, _) = reader()
        _ = try reader.readHead(head("").span)
        // A weak reference: where it was freed, another one may be at the same address.
        weak let first = reader.storage
        reader.releaseAnswered()
        #expect(reader.storage != nil, "it is not answered yet")
        reader.answered()
        reader.releaseAnswered()
        #expect(reader.storage == nil)
        _ = try reader.readHead(head("").span)
        #expect(first != nil && reader.storage === first)
        // A handler keeps its request.
        let request = Request(try #require(reader.storage))
        reader.dropRequest()
        #expect(reader.storage == nil)
        _ = try reader.readHead(Array("GET /b HTTP/1.1\r\nHost: h\r\n\r\n".utf8).span)
        #expect(request.path == "/a")
    }
}
