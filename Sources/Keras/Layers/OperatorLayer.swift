import Formats
import Graph
import OrderedCollections

/// A function of tensors that Keras writes as a layer: arithmetic in place of layers, `x + y` and `2 * x`. Keras 2 writes
/// `TFOpLambda` with the name of a function, Keras 3 a class of the module `keras.src.ops`; neither hands a mask on.
struct OperatorLayer: Layer {
    static let className = "TFOpLambda"
    let common: LayerHeader
    private let function: Function

    /// What it computes.
    private enum Function: String {
        case add, subtract, multiply, divide, maximum, minimum, power
        case negative, absolute, square, sqrt, exp, log

        var isBinary: Bool {
            switch self {
            case .add, .subtract, .multiply, .divide, .maximum, .minimum, .power: true
            case .negative, .absolute, .square, .sqrt, .exp, .log: false
            }
        }
    }

    /// Keras 3's classes.
    private static let byClass: [String: Function] = [
        "Add": .add, "Subtract": .subtract, "Multiply": .multiply, "Divide": .divide, "TrueDivide": .divide,
        "Maximum": .maximum, "Minimum": .minimum, "Power": .power, "Negative": .negative, "Absolute": .absolute,
        "Abs": .absolute, "Square": .square, "Sqrt": .sqrt, "Exp": .exp, "Log": .log,
    ]
    /// Keras 2's functions.
    private static let byName: [String: Function] = [
        "__operators__.add": .add, "math.add": .add, "math.subtract": .subtract, "math.multiply": .multiply,
        "math.truediv": .divide, "math.divide": .divide, "math.maximum": .maximum, "math.minimum": .minimum,
        "math.pow": .power, "math.negative": .negative, "math.abs": .absolute, "math.square": .square,
        "math.sqrt": .sqrt, "math.exp": .exp, "math.log": .log,
    ]
    /// The classes of Keras 3 that there are.
    static let classes: [String] = byClass.keys.sorted()

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        self.common = common
        if common.className != OperatorLayer.className {
            guard let function = OperatorLayer.byClass[common.className] else { return nil }
            self.function = function
            return
        }
        guard let name = reader.string("function", required: true) else { return nil }
        guard let function = OperatorLayer.byName[name] else {
            let names = OperatorLayer.byName.keys.sorted().joined(separator: ", ")
            reader.fault(
                "function", "\(name.quotedForMessage) is not supported yet; this version has \(names)",
                code: SpecError.notSupported)
            return nil
        }
        self.function = function
    }

    var keywords: Set<String> { ["x", "y", "x1", "x2", "name"] }

    /// One of the two things that it is a function of.
    private enum Operand {
        case input(Int)
        case number(Double)
    }

    private func operands(_ arguments: CallArguments) throws(SpecError) -> [Operand] {
        let names = function.isBinary ? [["x1", "x"], ["x2", "y"]] : [["x"]]
        let given = arguments.positional.count + arguments.keywords.keys.count { $0 != "name" && $0 != "training" }
        guard given <= names.count else {
            throw SpecError(
                arguments.pointer ?? pointer,
                "\(name) (\(function.rawValue)) takes \(names.count > 1 ? "two operands" : "one operand"), but it is called with "
                    + "\(given)")
        }
        var operands: [Operand] = []
        for (position, names) in names.enumerated() {
            let value =
                names.lazy.compactMap { arguments.keywords[$0] }.first ?? arguments.value("", position: position)
            switch value {
            case .input(let place): operands.append(.input(place))
            case .constant(let json):
                guard let number = json.double, number.isFinite else {
                    throw SpecError(
                        arguments.pointer ?? pointer, "\(name) takes tensors and numbers, not \(json.inWords)",
                        code: SpecError.notSupported)
                }
                operands.append(.number(number))
            case .list, nil:
                throw SpecError(
                    arguments.pointer ?? pointer,
                    "\(name) (\(function.rawValue)) takes \(names.count > 1 ? "two operands" : "an operand"), and operand "
                        + "\(position + 1) is not there")
            }
        }
        return operands
    }

    func plan(_ inputs: [[Int]], _ arguments: CallArguments) throws(SpecError) -> LayerPlan {
        var shape: [Int]?
        for case .input(let place) in try operands(arguments) {
            guard let known = shape else {
                shape = inputs[place]
                continue
            }
            let other = inputs[place]
            guard known.count == other.count, let both = Shape(known).broadcast(with: Shape(other)) else {
                throw SpecError(
                    arguments.pointer ?? pointer,
                    "\(name) (\(function.rawValue)) can't join rows of shape \(known) and of shape \(other)")
            }
            shape = both.dimensions
        }
        guard let shape else {
            throw SpecError(
                arguments.pointer ?? pointer, "\(name) takes at least one tensor, but only numbers are given")
        }
        return LayerPlan(shape)
    }

    func call(_ inputs: [Tensor], _ call: LayerCall) -> [Tensor] {
        let tensors = ((try? operands(call.arguments)) ?? []).map { operand in
            switch operand {
            case .input(let place): inputs[place]
            case .number(let number): call.builder.constant(number)
            }
        }
        guard let x = tensors.first, let y = tensors.last else { return inputs }
        return [apply(x, y)]
    }

    private func apply(_ x: Tensor, _ y: Tensor) -> Tensor {
        switch function {
        case .add: x + y
        case .subtract: x - y
        case .multiply: x * y
        case .divide: x / y
        case .maximum: x.maximum(y)
        case .minimum: x.minimum(y)
        case .power: x.pow(y)
        case .negative: -x
        case .absolute: x.abs()
        case .square: x.square()
        case .sqrt: x.sqrt()
        case .exp: x.exp()
        case .log: x.log()
        }
    }
}
