import Graph
import Testing

struct InitializerMismatchTests {
    @Test func matricesNeedAxes() {
        #expect(Initializer.orthogonal(gain: 1).mismatch([4])?.contains("at least two axes") == true)
        #expect(Initializer.orthogonal(gain: 1).mismatch([4, 2]) == nil)
        #expect(Initializer.identity(gain: 1).mismatch([4, 2, 1])?.contains("takes a matrix") == true)
        #expect(Initializer.zeros.mismatch([]) == nil)
    }
}
