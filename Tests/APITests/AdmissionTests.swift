import API
import Testing

@Suite struct AdmissionTests {
    /// Each way to admit with each role: whether it may ask about its own job, and about another's.
    @Test(
        arguments: [
            (.everybody, .viewer, true, true), (.everybody, .submitter, true, true),
            (.everybody, .operator, true, true),
            (.everybody, .admin, true, true), (.role(.viewer), .viewer, true, true),
            (.role(.viewer), .submitter, true, true), (.role(.viewer), .operator, true, true),
            (.role(.viewer), .admin, true, true), (.role(.submitter), .viewer, false, false),
            (.role(.submitter), .submitter, true, true), (.role(.submitter), .operator, true, true),
            (.role(.submitter), .admin, true, true), (.role(.operator), .viewer, false, false),
            (.role(.operator), .submitter, false, false), (.role(.operator), .operator, true, true),
            (.role(.operator), .admin, true, true), (.role(.admin), .viewer, false, false),
            (.role(.admin), .submitter, false, false), (.role(.admin), .operator, false, false),
            (.role(.admin), .admin, true, true), (.owner, .viewer, false, false), (.owner, .submitter, true, false),
            (.owner, .operator, true, true), (.owner, .admin, true, true),
        ] as [(Admission, Role, Bool, Bool)])
    func aRoleIsAdmittedOrNot(admission: Admission, role: Role, own: Bool, others: Bool) {
        #expect(admission.admits(role, isOwner: true) == own)
        #expect(admission.admits(role, isOwner: false) == others)
        // Before anything is known of the job, whoever may ask about its own is let in.
        #expect(admission.least.map { role >= $0 } ?? true == own)
    }

    @Test func theReferenceSaysWhoMayAsk() {
        #expect(Admission.everybody.words == "everybody, without a token")
        #expect(Admission.role(.viewer).words == "a viewer or more")
        #expect(Admission.role(.admin).words == "an admin")
        #expect(Admission.owner.words == "a submitter for jobs of its own, an operator for all")
    }
}
