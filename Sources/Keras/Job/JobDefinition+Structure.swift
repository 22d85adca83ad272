import Estimator
package import Formats
import OrderedCollections

extension JobDefinition {
    /// What decides whether the job's program can be built: the document with every default and the types of the data,
    /// without the learning rate where that is a number, and without `run_config`. The jobs of a sweep over learning rates
    /// or seeds have the same; a file with other columns at the same path makes another one.
    ///
    /// What is left out are numbers in a program whose form doesn't depend on them. Whatever else a job says is kept.
    package var structure: JSON {
        var structure = canonical
        structure["run_config"] = nil
        if let optimizer = structure["optimizer"] { structure["optimizer"] = Self.withoutLearningRate(optimizer) }
        if let input = training?.input ?? evaluation?.input {
            structure["features"] = JSON(input.features.elements.map { "\($0)" })
            structure["labels"] = JSON(input.labelTypes?.elements.map { "\($0)" } ?? [])
        }
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
