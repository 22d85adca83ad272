import HTTP
import Testing

@Suite struct RequestPoolTests {
    @Test func whatNobodyHasIsUsedAgain() {
        let pool = RequestPool(bodies: BodyBudget(limit: 10, figures: ServerFigures()))
        var first: RequestStorage? = pool.take()
        let id = first.map { ObjectIdentifier($0) }
        if let used = first.take() { pool.giveBack(used) }
        let again = pool.take()
        #expect(ObjectIdentifier(again) == id)
        // The test keeps this one.
        pool.giveBack(again)
        #expect(ObjectIdentifier(pool.take()) != ObjectIdentifier(again))
    }
}
