import Formats
import Graph
import Keras
import OrderedCollections
import Testing

@Suite struct EinsumDenseLayerTests {
    @Test(arguments: try LayerReference.cases("attention", of: ["EinsumDense"]))
    func kerasNumbers(_ reference: LayerReference) throws { try reference.check() }

    private func layer(_ equation: String, _ shape: JSON, _ bias: JSON = nil) throws -> LayerRun {
        try LayerRun("EinsumDense", ["equation": JSON(equation), "output_shape": shape, "bias_axes": bias])
    }

    private func faults(_ equation: String, _ shape: JSON = 2, _ bias: JSON = nil) -> [String] {
        LayerRun.read(
            "EinsumDense", ["equation": JSON(equation), "output_shape": shape, "bias_axes": bias]
        ).faults
    }

    @Test func shapes() throws {
        func shapes(_ equation: String, _ shape: JSON, _ bias: JSON, _ row: [Int]) throws -> [[Int]] {
            let plan = try layer(equation, shape, bias).layer.plan([row], .tensors())
            return plan.outputs + plan.variables.map(\.shape)
        }
        #expect(try shapes("ab,bc->ac", 5, "c", [3]) == [[5], [3, 5], [5]])
        #expect(try shapes("abc,cde->abde", [nil, 2, 5], "de", [4, 3]) == [[4, 2, 5], [3, 2, 5], [2, 5]])
        #expect(try shapes("abc,cde->abde", [4, 2, 5], "d", [4, 3]) == [[4, 2, 5], [3, 2, 5], [2, 1]])
        #expect(try shapes("...x,xy->...y", 5, nil, [7, 6, 3]) == [[7, 6, 5], [3, 5]])
        #expect(try shapes("abc,bd->acd", [3, 5], nil, [4, 3]) == [[3, 5], [4, 5]])
    }

    @Test func equationsThatAreRefused() {
        for equation in ["ab", "ab,bc", "ab,bc->", "aab,bc->ac", "ab...,bc->ac...", "a1,1c->ac", "ab,bc,cd->ad"] {
            #expect(faults(equation).first?.contains("is not supported: expected") == true, "\(equation)")
        }
        #expect(faults("ab,bc->az") == ["/equation: z of the result is neither the input's nor the kernel's"])
        #expect(faults("abc,bcd->abd").first?.contains("b is in all three parts") == true)
        #expect(faults("abc,cd->ad").first?.contains("b is summed over in one part alone") == true)
        #expect(faults("ab,ac->bc").first?.contains("is the batch") == true)
        #expect(faults("ab,bc->ac", 2, "b") == ["/bias_axes: b is not an axis of the result"])
        #expect(faults("ab,bc->ac", 0).count == 1)
    }

    @Test func rowsThatAreRefused() throws {
        #expect(try layer("ab,bc->ac", 5).refusal([[3, 4]])?.contains("does not go with") == true)
        #expect(try layer("...ab,bc->...ac", [2, 5]).refusal([[3]])?.contains("does not go with") == true)
        #expect(try layer("ab,bc->ac", [5, 6]).refusal([[3]])?.contains("has 2 extents") == true)
        #expect(try layer("abc,cd->abd", [3, 6]).refusal([[4, 2]])?.contains("gives b the extent 3") == true)
        #expect(try layer("ab,bc->ac", [nil]).refusal([[4]])?.contains("does not say the extent of c") == true)
        #expect(try layer("ab,bc->ac", .init(Int.max)).refusal([[4]])?.contains("makes a kernel") == true)
    }
}
