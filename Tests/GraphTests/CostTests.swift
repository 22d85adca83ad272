import Graph
import Testing

struct CostTests {
    @Test func countsProducts() {
        func flops(_ left: Bool, _ right: Bool) -> Int {
            let a = TensorType(.float32, left ? [5, 2] : [2, 5])
            let b = TensorType(.float32, right ? [3, 5] : [5, 3])
            return Cost.flops(
                .dot(transposeLHS: left, transposeRHS: right), [a, b], TensorType(.float32, [2, 3]))
        }
        for left in [false, true] { for right in [false, true] { #expect(flops(left, right) == 60) } }
    }

    @Test func addsUpAProgram() throws {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [4]))
        let y = x.exp()
        let z = (y + x).exp()
        let program = try builder.finish(outfeed: [("z", z)])
        let cost = Cost(program)
        #expect(cost.flops == 12)
        #expect(cost.bytes == 16 + 32 + 48 + 32)
        #expect(Cost(program, replicas: 8).flops == 96)
        #expect(Cost(program, replicas: 8).bytes == 8 * (16 + 32 + 48 + 32))
    }
}
