import Graph
import Testing

@Suite struct StringFNV1aTests {
    /// The authors' test vectors, and bytes of UTF-8 past ASCII.
    @Test func agreesWithTheAuthorsVectors() {
        #expect("".fnv1a == 0xcbf2_9ce4_8422_2325)
        #expect("a".fnv1a == 0xaf63_dc4c_8601_ec8c)
        #expect("b".fnv1a == 0xaf63_df4c_8601_f1a5)
        #expect("foobar".fnv1a == 0x8594_4171_f739_67e8)
        #expect("é".fnv1a == 0x0ac2_1707_b718_1e01)
    }
}
