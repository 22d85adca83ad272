import API
import Testing

@Suite struct RoleTests {
    @Test func eachRoleMayDoWhatThoseBeforeItMay() {
        #expect(Role.allCases == [.viewer, .submitter, .operator, .admin])
        #expect(Role.allCases.sorted() == Role.allCases)
        #expect(Role.allCases.reversed().sorted() == Role.allCases)
        #expect(!(Role.viewer < .viewer))
    }

    @Test func aRoleIsWrittenAsItsName() {
        #expect(Role.allCases.map(\.rawValue) == ["viewer", "submitter", "operator", "admin"])
        for role in Role.allCases { #expect(role.words.hasSuffix(" \(role.rawValue)")) }
    }
}
