import Formats
import Graph
import OrderedCollections

/// A model as a layer of another one (Keras: a `Sequential` or `Functional` called like a layer). Its variables are named
/// `<model>/<layer>/…`.
struct NestedModel: Layer {
    let model: KerasModel

    var common: LayerHeader { model.common }
    // Its layers have policies of their own.
    var policy: DTypePolicy { .float32 }
    // Its inputs say themselves what they are cast to.
    var takesIntegers: Bool { true }

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        guard common.depth <= SpecLimit.depth else {
            reader.faults.add(
                common.pointer,
                "is inside \(common.depth) layers and models: at most \(SpecLimit.depth) are possible")
            reader.accept(Array(reader.members.keys))
            return nil
        }
        guard let model = ModelReader.read(common, reader) else { return nil }
        self.model = model
    }

    func plan(_ inputs: [[Int]], _ arguments: CallArguments) throws(SpecError) -> LayerPlan {
        let plan = try model.plan(inputs)
        return LayerPlan(outputs: plan.outputs, variables: plan.variables, numbers: plan.numbers)
    }

    func call(_ inputs: [Tensor], _ call: LayerCall) -> [Tensor] { run(inputs, call).outputs }

    func run(_ inputs: [Tensor], _ call: LayerCall) -> LayerResult {
        model.run(inputs, masks: call.masks, call.graph, path: call.path, isTrainable: call.isTrainable)
    }
}
