import HTTP
import Testing

@Suite struct RequestPoolTests {
    @Test func whatNobodyHasIsUsedAgain() {
        let pool = RequestPool(limit: 10, figures: ServerFigures())
        var first: RequestStorage? = pool.take()
        let id = first.map { ObjectIdentifier($0) }
        if let used = first.take() { pool.giveBack(used) }
        let again = pool.take()
        #expect(ObjectIdentifier(again) == id)
        // The test keeps this one.
        pool.giveBack(again)
        #expect(ObjectIdentifier(pool.take()) != ObjectIdentifier(again))
    }

    @Test func bytesAreCountedAndTold() {
        let figures = ServerFigures()
        let pool = RequestPool(limit: 10, figures: figures)
        pool.keep(10)
        #expect(!pool.isOverdrawn)
        pool.keep(1)
        #expect(pool.isOverdrawn)
        #expect(pool.bodyBytes == 11 && figures.bodyBytes == 11)
        pool.keep(-11)
        #expect(pool.bodyBytes == 0 && figures.bodyBytes == 0)
    }
}
