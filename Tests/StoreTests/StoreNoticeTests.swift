import Store
import Testing

@Suite struct StoreNoticeTests {
    @Test(arguments: [
        (StoreNotice.diskFull, "the disk is full: jobs are ended and moved from a reserve"),
        (.roomAgain, "the disk has room again"),
        (.checkpointFailed(.diskFull), "the log of writes grows, as it can't be checkpointed: the disk is full"),
        (.checkpointsAgain, "the log of writes is checkpointed again"),
        (
            .unreadableRow(table: "attempts", job: "x", detail: "why"),
            "a row of the table attempts for job x can't be read, and is left out: why"
        ),
    ])
    func eachIsASentence(notice: StoreNotice, words: String) {
        #expect(notice.description.hasPrefix(words), "\(notice)")
    }
}
