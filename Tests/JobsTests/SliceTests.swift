import Jobs
import Testing

@Suite struct SliceTests {
    @Test func names() throws {
        let names = try [1, 4, 7, 8, 16, 256].map { try Slice(shards: $0).name }
        #expect(names == ["1x1", "1x4", "1x7", "2x4", "4x4", "64x4"])
    }

    @Test(arguments: [0, -1, -8, 9, 12, 15, 17, .min, .max])
    func refuses(count: Int) {
        #expect(throws: JobsError.shards(count)) { try Slice(shards: count) }
    }

    /// Every number that is taken is held whole: hosts times cores of each is what was asked for.
    @Test func hostsAndCoresMakeTheShards() {
        var taken = 0
        for count in -20...2100 {
            guard let slice = try? Slice(shards: count) else {
                #expect(count < 1 || (count > 8 && count % 8 != 0), "\(count) is a slice")
                continue
            }
            taken += 1
            #expect(slice.cores == count)
            #expect(slice.hosts * slice.coresPerHost == count, "\(count)")
            #expect(slice.hosts == (count + 7) / 8, "\(count)")
        }
        #expect(taken == 7 + 2100 / 8)
    }

    @Test func whatFits() throws {
        let cases: [(String, Int, Bool)] = [
            ("v2-8", 8, true), ("v2-8", 16, false), ("v3-32", 32, true), ("v3-32", 40, false), ("2x4", 4, true),
            ("2x4", 5, false), ("2x4", 8, false),
        ]
        for (pod, shards, fits) in cases {
            #expect(try Slice(shards: shards).fits(Pod(parsing: pod)) == fits, "\(shards) on \(pod)")
        }
    }
}
