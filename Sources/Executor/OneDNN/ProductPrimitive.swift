import COneDNN
import Graph

/// Matrix products of bfloat16 with sums in float32, by oneDNN's `matmul`, for one number of rows.
// @unchecked: the primitive is not changed once made; each run takes a context for itself.
final class ProductPrimitive: @unchecked Sendable {
    private let primitive: dnnl_primitive_t
    private let idle: IdleContexts

    /// Throws `kernelFailed` where oneDNN refuses.
    ///
    /// - Parameters:
    ///   - count: products, which lie one behind the other.
    ///   - result: element type of the result: float32 or bfloat16.
    ///   - adds: whether the product is added to what is there.
    init(
        _ product: MatrixProduct, count: Int, m: Int, n: Int, k: Int, result: DType, adds: Bool
    ) throws(ExecutorError) {
        func layout(_ rows: Int, _ columns: Int, _ isTransposed: Bool, _ dtype: DType) throws(ExecutorError)
            -> dnnl_memory_desc_t
        {
            try OneDNN.layout(
                [count, rows, columns], strides: [rows * columns] + (isTransposed ? [1, rows] : [columns, 1]), dtype)
        }
        var left = try layout(m, k, product.transposeLHS, .bfloat16)
        var right = try layout(k, n, product.transposeRHS, .bfloat16)
        var out = try layout(m, n, false, result)
        let name = "the product [\(m),\(k)]·[\(k),\(n)] of bfloat16"
        var call = dnnl_matmul_desc_t()
        try OneDNN.expect(dnnl_matmul_desc_init(&call, &left, &right, nil, &out), name)
        let description = try OneDNN.description(&call, adds: adds, of: name)
        defer { dnnl_primitive_desc_destroy(description) }
        primitive = try OneDNN.primitive(description)
        idle = IdleContexts(
            [(DNNL_ARG_SRC, left, left), (DNNL_ARG_WEIGHTS, right, right), (DNNL_ARG_DST, out, out)],
            OneDNN.array(dnnl_query_scratchpad_md, of: description))
    }

    deinit { dnnl_primitive_destroy(primitive) }

    /// out = a·b, or out += a·b, for each of the products.
    func run(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer, into out: UnsafeMutableRawPointer) throws(ExecutorError) {
        let context = try idle.take()
        defer { idle.giveBack(context) }
        try context.bind(a, b, out)
        try context.execute(primitive)
    }
}
