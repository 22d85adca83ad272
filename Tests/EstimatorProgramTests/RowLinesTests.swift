import EstimatorProgram
import OrderedCollections
import Testing

@Suite struct RowLinesTests {
    private func tensor<Value>(_ type: TensorType, _ values: [Value]) -> HostTensor {
        HostTensor(name: "x", type: type, bytes: values.withUnsafeBytes { Array($0) })
    }

    @Test func eachRowIsALineThatGoesOnCounting() {
        var lines = RowLines()
        let batch: OrderedDictionary<String, HostTensor> = [
            "class": tensor(TensorType(.int64, [2]), [Int64.max, -1]),
            "a \"b\"": tensor(TensorType(.float32, [2, 3]), [0.1, -2, .infinity, .nan, 1e20, 7] as [Float]),
            "right": tensor(TensorType(.bool, [2, 1]), [true, false]),
            "exact": tensor(TensorType(.float64, [2]), [0.1, 0.25] as [Double]),
        ]
        let text = String(decoding: lines.lines(of: batch) + lines.lines(of: batch), as: UTF8.self)
        let all = text.split(separator: "\n")
        #expect(all.count == 4 && lines.count == 4)
        #expect(
            all[0]
                == #"{"index":0,"class":9223372036854775807,"a \"b\"":[0.1,-2.0,null],"right":[true],"exact":0.1}"#)
        #expect(
            all[1]
                == #"{"index":1,"class":-1,"a \"b\"":[null,1e+20,7.0],"right":[false],"exact":0.25}"#)
        #expect(all[3].hasPrefix(#"{"index":3,"#))
    }

    @Test func aBatchWithoutRowsHasNoLines() {
        var lines = RowLines()
        #expect(lines.lines(of: ["class": tensor(TensorType(.int64, [0]), [] as [Int64])]).isEmpty)
        #expect(lines.lines(of: [:]).isEmpty)
    }
}
