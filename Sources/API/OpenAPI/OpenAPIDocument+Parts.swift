package import Formats
package import OrderedCollections

extension OpenAPIDocument {
    /// The schemas of the parts that a job is made of: its sections, layers, losses and so on. Their fields are those that the
    /// readers ask for (``TrainingFields``); what they mean is in ``FieldMeanings``.
    package static let parts: OrderedDictionary<String, JSON> = {
        var parts: OrderedDictionary<String, JSON> = ["Model": model]
        for (name, schema) in TrainingFields.all["sections"]?.object ?? [:] where name != "Job" {
            parts[name] = described(schema, [name])
        }
        parts["Source"] = choice("Source").means("Where the rows come from: one member, which names the kind of data")
        parts["MapStep"] = choice("MapStep").means("One step over each row: one member, which names it")
        for table in TrainingFields.tables {
            for group in TrainingFields.groups(table) { parts[component(table, group)] = configuration(table, group) }
            parts[table] = object(of: table)
        }
        parts["Activation"] = activation
        return parts
    }()

    // MARK: Classes

    /// The name of the schema of what classes have in their configurations.
    private static func component(_ table: String, _ group: TrainingFields.Group) -> String {
        "\(table).\(group.names.first ?? "")"
    }

    private static func configuration(_ table: String, _ group: TrainingFields.Group) -> JSON {
        described(group.config, group.names.map { "\(table).\($0)" } + [table])
            .means("The fields of \(group.names.joined(separator: ", "))")
    }

    /// A class of a table in the three ways in which it may be written.
    private static func object(of table: String) -> JSON {
        let groups = TrainingFields.groups(table)
        var short: OrderedDictionary<String, JSON> = [:]
        for group in groups {
            for name in group.names {
                short[name] = orNull(Schema.reference(component(table, group))).means("Its fields")
            }
        }
        let shortForm: JSON = [
            "type": "object", "minProperties": 1, "maxProperties": 1, "properties": .object(short),
            "additionalProperties": false,
        ]
        var choices: [JSON] = [
            Schema.words(groups.flatMap(\.names)).means("By its name, with every default"),
            shortForm.means("By its name, with its fields"),
        ]
        choices += groups.map { serialized($0.names, orNull(Schema.reference(component(table, $0)))) }
        if table == "Layer" {
            // The operations that Keras 3 writes as layers may have the names of layers.
            var operation = serialized(TrainingFields.words("Operator"), ["type": ["object", "null"]])
            operation["required"] = ["class_name", "module"]
            operation["properties"]?["module"] = JSON.object(["type": "string", "pattern": #"\.ops(\.|$)"#])
                .means("Keras' module of operations")
            choices.append(operation)
        } else {
            choices.append(serialized(["function"], Schema.words(groups.flatMap(\.names))))
        }
        return JSON.object(["anyOf": .array(choices)]).means(tableMeanings[table] ?? "")
    }

    /// As Keras writes it; its other members change nothing.
    private static func serialized(_ names: [String], _ configuration: JSON) -> JSON {
        [
            "type": "object", "required": ["class_name"], "description": "As Keras writes it",
            "properties": [
                "class_name": Schema.words(names).means("The class"), "config": configuration.means("Its fields"),
            ],
        ]
    }

    private static func orNull(_ schema: JSON) -> JSON { ["anyOf": [schema, ["type": "null"]]] }

    private static let tableMeanings = [
        "Layer": "A layer of a model", "Initializer": "What a variable starts from",
        "Regularizer": "A penalty on the numbers of a variable or an output, added to the loss",
        "Constraint": "What a variable is changed to after each update", "Loss": "What training makes small",
        "Metric": "A number of evaluations",
        "Optimizer": "How variables are updated; Keras' names are taken in any case of letters",
        "Schedule": "A learning rate that depends on the step",
    ]

    private static var activation: JSON {
        let name = Schema.words(TrainingFields.words("Activation"))
        return JSON.object(["anyOf": [name.means("By its name"), Schema.anyObject.means("As Keras writes it")]])
            .means("A function of a layer's output")
    }

    // MARK: Models and data

    private static var model: JSON {
        let layers: JSON = [
            "type": "array", "maxItems": JSON(SpecLimit.layers), "items": Schema.reference("Layer"),
        ]
        func printed(_ names: [String], _ configuration: JSON) -> JSON {
            var schema = serialized(names, configuration)
            schema["required"] = ["class_name", "config"]
            return schema.means("What Keras' to_json() prints")
        }
        // Before Keras 2.2.3 the configuration of a Sequential model was the list of its layers.
        return JSON.object([
            "anyOf": [
                layers.means("In the short form: layers in their order"),
                printed(["Functional", "Model"], Schema.reference("Layer.Functional")),
                printed(["Sequential"], ["anyOf": [Schema.reference("Layer.Sequential"), layers]]),
            ]
        ]).means("A model")
    }

    /// An object with one of some members.
    private static func choice(_ name: String) -> JSON {
        let choices = TrainingFields.all[name]?.object ?? [:]
        return [
            "type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": false,
            "properties": .object(
                OrderedDictionary(
                    uniqueKeysWithValues: choices.map { member, schema in
                        (member, schema.means(FieldMeanings.of(member, owners: [name]) ?? ""))
                    })),
        ]
    }

    // MARK: Meanings

    /// The schema with what its fields mean.
    static func described(_ schema: JSON, _ owners: [String]) -> JSON {
        var schema = schema
        guard var properties = schema["properties"]?.object else { return schema }
        for (name, field) in properties {
            if let meaning = FieldMeanings.of(name, owners: owners) { properties[name] = field.means(meaning) }
        }
        schema["properties"] = .object(properties)
        return schema
    }
}
