import Formats
import OrderedCollections
import Testing

@Suite struct LossTableTests {
    /// Each loss's names, its class first.
    private static let names = [
        ["MeanSquaredError", "mean_squared_error", "mse", "MSE"],
        ["MeanAbsoluteError", "MeanAbsoluteErrorV2", "mean_absolute_error", "mae", "MAE"],
        ["MeanAbsolutePercentageError", "mean_absolute_percentage_error", "mape", "MAPE"],
        ["MeanSquaredLogarithmicError", "mean_squared_logarithmic_error", "msle", "MSLE"], ["Huber", "huber"],
        ["LogCosh", "log_cosh", "logcosh"], ["Hinge", "hinge"], ["SquaredHinge", "squared_hinge"],
        ["CategoricalHinge", "categorical_hinge"], ["BinaryCrossentropy", "binary_crossentropy", "bce", "BCE"],
        ["BinaryFocalCrossentropy", "binary_focal_crossentropy"],
        ["CategoricalCrossentropy", "categorical_crossentropy"],
        ["CategoricalFocalCrossentropy", "categorical_focal_crossentropy"],
        ["SparseCategoricalCrossentropy", "sparse_categorical_crossentropy"],
        ["CategoricalGeneralizedCrossEntropy", "categorical_generalized_cross_entropy"], ["Poisson", "poisson"],
        [
            "KLDivergence", "kl_divergence", "kld", "KLD", "kullback_leibler_divergence", "KullbackLeiblerDivergence",
        ],
        ["CosineSimilarity", "cosine_similarity", "CosineProximity", "cosine_proximity"], ["Dice", "dice"],
        ["Tversky", "tversky"], ["Circle", "circle"], ["CTC", "ctc"], ["absolute_difference"], ["huber_loss"],
        ["log_loss"], ["hinge_loss"],
        ["sigmoid_cross_entropy"], ["softmax_cross_entropy"], ["sparse_softmax_cross_entropy"],
    ]

    /// A job with the loss over an output of three numbers, or of three steps of two classes, and labels as the loss takes
    /// them.
    private func job(_ loss: JSON) -> SmallJob {
        let steps: JSON = [["Dense": ["units": 6, "input_shape": [2]]], ["Reshape": ["target_shape": [3, 2]]]]
        let labels: [(labels: JSON, model: JSON?)] = [
            (["shape": [3]], nil), (["classes": 3], nil), (["shape": [2], "dtype": "int64"], steps),
        ]
        let jobs = labels.map { labels, model in
            var job = SmallJob.with("loss", loss)
            job.spec["metrics"] = nil
            if let model { job.spec["model"] = model }
            for section in ["train", "evaluate"] {
                job.spec[section]?["input"]?["source"]?["synthetic"]?["labels"] = labels
            }
            return job
        }
        return jobs.first { $0.faults.isEmpty } ?? jobs[0]
    }

    /// Names of one loss give one program; other losses give others.
    @Test func namesOfOneLossAreTheSame() throws {
        var seen: [String: String] = [:]
        let same: Set<Set<String>> = [["MeanAbsoluteError", "absolute_difference"], ["Huber", "huber_loss"]]
        for names in Self.names {
            let effects = names.map { job(.string($0)).effect } + [job(.object([names[0]: [:]])).effect]
            let effect = try #require(effects[0], "\(job(.string(names[0])).faults)")
            #expect(Set(effects).count == 1, "\(names)")
            if let other = seen.updateValue(names[0], forKey: effect) {
                #expect(same.contains([other, names[0]]), "\(names[0]) is \(other)")
            }
        }
    }

    /// No loss is missing above: a name that is none tells one name of each.
    @Test func allNamesAreTold() throws {
        let fault = try #require(job("nonsense").faults.first { $0.contains("\"nonsense\"") })
        let list = try #require(fault.firstRange(of: "there are ").map { fault[$0.upperBound...] })
        #expect(Set(list.split(separator: ", ").map(String.init)) == Set(Self.names.map { $0[0] }))
    }

    /// Each field changes what is computed.
    @Test(
        arguments: [
            ["Huber": ["delta": 2]], ["BinaryCrossentropy": ["from_logits": true]],
            ["BinaryCrossentropy": ["label_smoothing": 0.1]], ["BinaryFocalCrossentropy": ["gamma": 3]],
            ["BinaryFocalCrossentropy": ["apply_class_balancing": true]],
            ["BinaryFocalCrossentropy": ["apply_class_balancing": true, "alpha": 0.5]],
            ["BinaryFocalCrossentropy": ["from_logits": true]], ["BinaryFocalCrossentropy": ["label_smoothing": 0.1]],
            ["CategoricalCrossentropy": ["from_logits": true]], ["CategoricalCrossentropy": ["label_smoothing": 0.1]],
            ["CategoricalFocalCrossentropy": ["alpha": 0.5]], ["Circle": ["gamma": 64]], ["Circle": ["margin": 0.25]],
            ["Circle": ["remove_diagonal": false]],
            ["CategoricalFocalCrossentropy": ["alpha": [0.5, 0.25, 0.25]]],
            ["CategoricalFocalCrossentropy": ["gamma": 1]], ["CategoricalFocalCrossentropy": ["from_logits": true]],
            ["CategoricalFocalCrossentropy": ["label_smoothing": 0.1]],
            ["SparseCategoricalCrossentropy": ["from_logits": true]],
            ["SparseCategoricalCrossentropy": ["ignore_class": 1]], ["CategoricalGeneralizedCrossEntropy": ["q": 0.7]],
            ["CosineSimilarity": ["axis": 1]], ["Dice": ["axis": 1]], ["Dice": ["axis": [0, 1]]],
            ["Tversky": ["alpha": 1]],
            ["Tversky": ["beta": 1]], ["Tversky": ["axis": [-1]]], ["huber_loss": ["delta": 2]],
            ["log_loss": ["epsilon": 0.1]], ["sigmoid_cross_entropy": ["label_smoothing": 0.1]],
            ["softmax_cross_entropy": ["label_smoothing": 0.1]], ["MeanSquaredError": ["reduction": "sum"]],
            ["absolute_difference": ["reduction": "weighted_sum"]],
        ] as [JSON])
    func fieldsCount(json: JSON) throws {
        let name = try #require(json.object?.keys.first)
        let plain = try #require(job(.string(name)).effect)
        let effect = try #require(job(json).effect)
        // An axis may be the default's under another number.
        let isDefault = json == ["CosineSimilarity": ["axis": 1]] || json == ["Dice": ["axis": [0, 1]]]
        #expect((effect == plain) == isDefault)
    }

    @Test(
        arguments: [
            (["Huber": ["delta": 0]], "/Huber/delta: must be a positive number, not 0"),
            (["BinaryCrossentropy": ["label_smoothing": 2]], "label_smoothing: must be a number from 0 to 1, not 2"),
            (["CategoricalGeneralizedCrossEntropy": ["q": 1]], "/q: must be a number between 0 and 1, not 1"),
            (["Dice": ["axis": "x"]], "/axis: must be a whole number from -8 to 8, not \"x\""),
            (["BinaryCrossentropy": ["axis": 0]], "/axis: is not supported yet"),
            (["CategoricalFocalCrossentropy": ["alpha": [1, -1]]], "/alpha/1: must be a number of at least 0, not -1"),
        ] as [(JSON, String)])
    func fieldsAreChecked(json: JSON, words: String) {
        let faults = job(json).faults.filter { $0.hasPrefix("/loss") }
        #expect(faults.count == 1 && faults[0].hasSuffix(words), "\(faults)")
    }
}
