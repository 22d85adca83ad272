import Formats
import Testing

@Suite struct SpecErrorsUnknownTests {
    private func said(_ name: String, among known: [String], later: [String] = []) -> String? {
        let faults = SpecErrors()
        faults.addUnknown(name, "a step", among: known, later: later, at: JSONPointer(tokens: ["map", "0"]))
        #expect(faults.all.map(\.pointer.description) == ["/map/0"])
        return faults.all.first?.detail
    }

    @Test func theNearestAndAllAreTold() {
        #expect(
            said("skale", among: ["scale", "cast"])
                == "\"skale\" is not a step; did you mean \"scale\"?; there are cast, scale")
        #expect(said("xyzzy", among: ["scale", "cast"]) == "\"xyzzy\" is not a step; there are cast, scale")
        #expect(said("", among: ["scale"]) == "\"\" is not a step; there are scale")
        #expect(
            said("a\u{1B}[31mb", among: ["scale"]) == "\"a\\u001b[31mb\" is not a step; there are scale")
    }

    /// Of equally near names the first of the alphabet counts, and one that is accepted before one of a later version.
    @Test func theFirstOfEquallyNearNamesIsTold() {
        #expect(said("cat", among: ["rat", "bat"])?.contains("did you mean \"bat\"?") == true)
        #expect(said("cat", among: ["rat"], later: ["bat"])?.contains("did you mean \"rat\"?") == true)
    }

    /// A name that would be refused is not suggested, and not among those that there are.
    @Test func aNameOfALaterVersionIsToldAsSuch() {
        #expect(
            said("randomflip", among: ["scale"], later: ["random_flip", "random_crop"])
                == "\"randomflip\" is not a step; \"random_flip\", which may be meant, is not supported yet; there are scale"
        )
    }

    /// The nearest is looked for only for the first ten names of a document, whatever they are compared with.
    @Test func hintsEnd() {
        let faults = SpecErrors()
        for index in 0..<12 {
            faults.addUnknown("scal\(index)", "a step", among: ["scale"], at: JSONPointer(tokens: ["\(index)"]))
        }
        #expect(faults.all.map { $0.detail.contains("did you mean \"scale\"?") } == (0..<12).map { $0 < 10 })
    }
}
