extension Op {
    /// What a node is called when the model function gives no name: TensorFlow's word where it has one.
    package var defaultNodeName: String {
        switch self {
        case .dot: "MatMul"
        case .reduce(.sum, _): "Sum"
        case .reduce(.product, _): "Prod"
        case .reduce(.max, _): "Max"
        case .reduce(.min, _): "Min"
        case .unary(.logistic): "Sigmoid"
        case .unary(.negate): "Neg"
        case .binary(.subtract): "Sub"
        case .binary(.multiply): "Mul"
        case .binary(.divide): "RealDiv"
        case .binary(.power): "Pow"
        case .convert: "Cast"
        case .constant: "Const"
        case .broadcast: "BroadcastTo"
        default: name.prefix(1).uppercased() + name.dropFirst()
        }
    }
}
