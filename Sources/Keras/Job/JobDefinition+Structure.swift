import Estimator
package import Formats
import OrderedCollections

extension JobDefinition {
    /// What decides whether the job's program can be built: the document with every default, without the learning rate
    /// where that is a number, without how many steps it takes, `early_stopping` and `run_config`; of its inputs the types and how
    /// many rows are read at once. The jobs of a sweep over learning rates, seeds, lengths or files of one form have the
    /// same; a file with other columns at the same path makes another one.
    ///
    /// What is left out are numbers in a program whose form doesn't depend on them. Whatever else a job says is kept.
    package var structure: JSON {
        var structure = canonical
        structure["run_config"] = nil
        structure["early_stopping"] = nil
        if let optimizer = structure["optimizer"] { structure["optimizer"] = Self.withoutLearningRate(optimizer) }
        for section in ["train", "evaluate", "predict"] {
            if let members = structure[section] { structure[section] = Self.withoutInputAndSteps(members) }
        }
        if let input = training?.input ?? evaluation?.input ?? prediction {
            structure["features"] = JSON(input.features.elements.map { "\($0)" })
            structure["labels"] = JSON(input.labelTypes?.elements.map { "\($0)" } ?? [])
            structure["weights"] = JSON(input.arrangement?.weights.count ?? 0)
            structure["rows"] = JSON(input.batchSize)
        }
        return .object(structure)
    }

    /// Whether a number of steps is given counts, for a program may do something at the last one.
    private static func withoutInputAndSteps(_ section: JSON) -> JSON {
        guard var members = section.object else { return section }
        members["input"] = nil
        for name in ["steps", "max_steps"] where members[name]?.int != nil { members[name] = 1 }
        return .object(members)
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
