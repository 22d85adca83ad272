import Formats
import Testing

/// A field on the wrong level is told where it belongs.
@Suite struct FieldLocationsTests {
    private func fault(_ name: String, at pointer: String, knowing known: String...) throws -> String? {
        let faults = SpecErrors()
        let reader = ObjectReader([name: 1], at: try #require(JSONPointer(pointer)), faults: faults)
        reader.accept(known)
        reader.finish()
        return faults.all.first?.detail
    }

    static let rows: [(String, String, String)] = [
        ("max_steps", "", "/train/max_steps"), ("steps", "", "/train/steps or /evaluate/steps"),
        ("num_shards", "", "/tpu_config/num_shards"), ("train_batch_size", "/train", "/train_batch_size"),
        ("max_steps", "/train/input", "/train/max_steps"), ("shuffle", "/train", "/train/input/shuffle"),
        ("csv", "/evaluate/input", "/evaluate/input/source/csv"),
        ("random_seed", "/tpu_config", "/run_config/random_seed"),
        ("max_attempts", "", "/retry/max_attempts"),
        (
            "sample_weight", "/train",
            "/train/input/source/csv/sample_weight or /train/input/source/safetensors/sample_weight"
        ),
    ]

    @Test(arguments: rows) func isTold(name: String, pointer: String, place: String) throws {
        #expect(try fault(name, at: pointer) == "is not a known field here; it belongs at \(place)")
    }

    @Test func partsWithNamesOfTheirOwnAreLeftAlone() throws {
        #expect(try fault("steps", at: "/model/0/Dense") == "is not a known field")
        #expect(try fault("name", at: "/optimizer/SGD") == "is not a known field")
        #expect(
            try fault("max_step", at: "/train", knowing: "max_steps")
                == "is not a known field; did you mean \"max_steps\"?")
    }
}
