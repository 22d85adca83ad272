package import Formats
import OrderedCollections

extension JobDefinition {
    /// What decides whether the job's program can be built: the document with every default, without the learning rate
    /// where that is a number, and without `run_config`. The jobs of a sweep over learning rates or seeds have the same.
    ///
    /// Both are numbers in a program whose form doesn't depend on them. Whatever else a job says is kept.
    package var structure: JSON {
        var structure = canonical
        structure["run_config"] = nil
        if let optimizer = structure["optimizer"] { structure["optimizer"] = Self.withoutLearningRate(optimizer) }
        return .object(structure)
    }

    /// Its learning rate is a member of the optimizer's configuration, which is a member of the optimizer in all forms.
    private static func withoutLearningRate(_ optimizer: JSON) -> JSON {
        guard var members = optimizer.object else { return optimizer }
        for (name, value) in members {
            guard var configuration = value.object, configuration["learning_rate"]?.double != nil else { continue }
            configuration["learning_rate"] = .null
            members[name] = .object(configuration)
        }
        return .object(members)
    }
}
