import Estimator
import Testing

@Suite struct RunFaultTests {
    private struct Broken: Error {}

    private func fault(_ step: Int, _ source: RunFault.Source, _ host: Int? = nil) -> RunFault {
        RunFault(step: step, source: source, host: host, error: Broken())
    }

    /// The earliest step, then the way from the input to the hooks, then the first host.
    @Test func order() {
        let inOrder = [
            fault(1, .hook), fault(2, .infeed, 0), fault(2, .infeed, 3), fault(2, .device), fault(2, .outfeed),
            fault(2, .hook), fault(3, .infeed, 0),
        ]
        for (place, one) in inOrder.enumerated() {
            for (otherPlace, other) in inOrder.enumerated() {
                #expect(one.precedes(other) == (place < otherPlace), "\(one), \(other)")
            }
        }
    }
}
