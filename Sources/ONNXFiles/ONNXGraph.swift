import Formats
import Graph

/// The operations of a model that is written, in order (`GraphProto`).
struct ONNXGraph {
    /// What an operation is told beside its inputs (`AttributeProto`).
    enum Attribute {
        case integer(Int)
        case integers([Int])
        case text(String)
    }

    private(set) var nodes: [[UInt8]] = []
    private(set) var tensors: [[UInt8]] = []
    private var constants: [[Int64]: String] = [:]
    private var scalars: [Literal: String] = [:]
    private var count = 0

    /// A name that nothing has yet.
    private mutating func newName() -> String {
        count += 1
        // No layer has a name with a slash in front.
        return "/\(count)"
    }

    /// Adds an operation of ONNX's standard set; the name of its result.
    ///
    /// - Parameter result: the name; nil, the default: one that nothing has yet.
    @discardableResult
    mutating func add(
        _ type: String, _ inputs: [String], _ attributes: KeyValuePairs<String, Attribute> = [:], result: String? = nil
    ) -> String {
        let result = result ?? newName()
        var node = ProtobufWriter()
        for input in inputs { node.add(1, text: input) }
        node.add(2, text: result)
        node.add(3, text: "\(type)_\(nodes.count)")
        node.add(4, text: type)
        for (name, value) in attributes {
            node.add(5) { attribute in
                attribute.add(1, text: name)
                switch value {
                case .integer(let integer):
                    attribute.add(3, integer: Int64(integer))
                    attribute.add(20, integer: 2)
                case .text(let text):
                    attribute.add(4, text: text)
                    attribute.add(20, integer: 3)
                case .integers(let integers):
                    for integer in integers { attribute.add(8, integer: Int64(integer)) }
                    attribute.add(20, integer: 7)
                }
            }
        }
        nodes.append(node.bytes)
        return result
    }

    /// Adds a tensor that the model holds; its name.
    mutating func tensor(_ literal: Literal, name: String? = nil) -> String {
        if name == nil, let known = scalars[literal] { return known }
        let given = name ?? newName()
        tensors.append(ONNXTensor.bytes(given, literal.type.dtype, literal.type.shape.dimensions, literal.bytes))
        if name == nil, literal.bytes.count <= 64 { scalars[literal] = given }
        return given
    }

    /// A list of whole numbers, as operations take shapes and axes.
    mutating func integers(_ values: [Int]) -> String {
        let integers = values.map(Int64.init)
        if let known = constants[integers] { return known }
        let name = tensor(Literal(type: TensorType(.int64, [values.count]), integers: integers), name: newName())
        constants[integers] = name
        return name
    }

    /// A scalar.
    mutating func scalar(_ value: Double, _ type: DType) -> String {
        tensor(Literal(type: .scalar(type), doubles: [value]))
    }
}
