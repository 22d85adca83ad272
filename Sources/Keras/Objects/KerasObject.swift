import Formats
import OrderedCollections

/// A layer, loss, optimizer, metric, initializer or activation in any of the ways that Keras or the short form writes it:
/// a plain name, `{"class_name": …, "config": …}`, or `{"ClassName": {config}}`.
struct KerasObject {
    /// How it was written.
    enum Form {
        case name
        case serialized
        case short
    }

    /// The class, or the plain name.
    let className: String
    /// The configuration; empty where there is none.
    let config: JSON
    let form: Form
    /// Where the whole is.
    let pointer: JSONPointer
    /// Where the class or name is.
    let namePointer: JSONPointer
    /// Where the configuration is.
    let configPointer: JSONPointer

    /// The Python module that it says it is of; nil: it says none. A label to compare with known ones.
    let module: String?

    /// Whether it says itself that it is a class of Keras' own.
    var isOfKeras: Bool { module == "keras" || module?.hasPrefix("keras.") == true }

    /// Reads the value; what is none of the three, or a class of the user's own, is a fault and gives nil.
    ///
    /// - Parameter takesList: whether the configuration may be a list, as that of a model before Keras 2.2.3.
    init?(_ value: JSON, at pointer: JSONPointer, what: String, takesList: Bool = false, faults: SpecErrors) {
        faults.note(pointer, .object(what))
        if let name = value.string {
            if let hidden = HiddenCharacter(in: name) {
                faults.add(pointer, "must not hold \(hidden)")
                return nil
            }
            self.init(name: name, at: pointer)
            return
        }
        guard let members = value.object else {
            faults.add(pointer, "must be \(what) by name or as an object, not \(value.inWords)")
            return nil
        }
        if members["class_name"] != nil {
            self.init(serialized: ObjectReader(value, at: pointer, faults: faults), what: what, takesList: takesList)
            return
        }
        guard members.count == 1, let (name, config) = members.elements.first else {
            faults.add(
                pointer,
                "must be \(what) as {\"ClassName\": {…}} or {\"class_name\": …, \"config\": {…}}, "
                    + "not an object of \(members.count) members")
            return nil
        }
        guard config.isNull || config.object != nil else {
            faults.add(pointer.appending(name), "must be an object, not \(config.inWords)")
            return nil
        }
        let place = pointer.appending(name)
        self.init(name, config, .short, at: pointer, namePointer: place, configPointer: place)
    }

    private init(
        _ className: String, _ config: JSON, _ form: Form, at pointer: JSONPointer, namePointer: JSONPointer,
        configPointer: JSONPointer, module: String? = nil
    ) {
        self.className = className
        self.config = config.isNull ? [:] : config.withoutNumPy
        self.module = module
        self.form = form
        self.pointer = pointer
        self.namePointer = namePointer
        self.configPointer = configPointer
    }

    private init(name: String, at pointer: JSONPointer) {
        self.init(name, [:], .name, at: pointer, namePointer: pointer, configPointer: pointer)
    }

    /// Keras' own serialization. A function got by name is `{"class_name": "function", "config": "its_name"}`.
    private init?(serialized reader: ObjectReader, what: String, takesList: Bool) {
        reader.accept("build_config", "compile_config", "module", "shared_object_id", "inbound_nodes", "name")
        reader.accept("keras_version", "backend", "registered_name", "config")
        guard let name = reader.string("class_name", required: true) else { return nil }
        reader.finish()
        if let custom = KerasObject.customClass(reader) {
            reader.fault(
                "registered_name", "\(custom) is a class of the user's own; its code is not in the JSON",
                code: SpecError.notSupported)
            return nil
        }
        let config = reader.members["config"] ?? [:]
        if name == "function", let function = config.string {
            self.init(name: function, at: reader.pointer)
            return
        }
        guard config.isNull || config.object != nil || takesList && config.array != nil else {
            reader.fault("config", "must be an object, not \(config.inWords)")
            return nil
        }
        self.init(
            name, config, .serialized, at: reader.pointer, namePointer: reader.pointer(to: "class_name"),
            configPointer: reader.pointer(to: "config"), module: reader.members["module"]?.string)
    }

    /// The name of a class that is not Keras' own: registered under a package, or of a module outside of `keras`.
    private static func customClass(_ reader: ObjectReader) -> String? {
        if let registered = reader.members["registered_name"]?.string, registered.contains(">") { return registered }
        guard let module = reader.members["module"]?.string else { return nil }
        let known = module == "keras" || module.hasPrefix("keras.") || module == "builtins"
        return known ? nil : "\(module).\(reader.members["class_name"]?.string ?? "")"
    }

    /// A reader of the configuration.
    func reader(_ faults: SpecErrors) -> ObjectReader { ObjectReader(config, at: configPointer, faults: faults) }

    /// Says that the class is none of those that can be used: a Keras class is not supported yet, anything else is no
    /// known name.
    ///
    /// - Parameter listed: those of the supported names that are told, for there may be several of one thing; nil: all.
    func refuse(
        _ what: String, supported: [String], listed: [String]? = nil, laterOnes: Set<String>, faults: SpecErrors
    ) {
        faults.note(pointer, .names(supported))
        if laterOnes.contains(className) || isOfKeras {
            let list = (listed ?? supported).sorted().joined(separator: ", ")
            faults.add(
                namePointer, "\(what) \(className.forMessage) is not supported yet; this version has \(list)",
                code: SpecError.notSupported)
            return
        }
        faults.addUnknown(
            className, "a known \(what)", among: supported, listed: listed, later: laterOnes, at: namePointer)
    }
}

extension String {
    /// The name in a sentence, cut where no class of Keras has so long a name.
    fileprivate var forMessage: String { count > 60 ? prefix(60) + "…" : self }
}

extension JSON {
    /// The configuration with the numbers of NumPy's arrays in place of Keras' way to write them,
    /// `{"class_name": "__numpy__", "config": {"value": [0.5], "dtype": "float64"}}`.
    fileprivate var withoutNumPy: JSON {
        guard let members = object, members.values.contains(where: { $0.numPyValue != nil }) else { return self }
        return .object(members.mapValues { $0.numPyValue ?? $0 })
    }

    private var numPyValue: JSON? {
        guard let name = self["class_name"]?.string, name == "__numpy__" || name == "__tensor__" else { return nil }
        return self["config"]?["value"]
    }
}
