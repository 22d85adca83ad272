import Datasets
import Formats
import OrderedCollections
import Testing

/// `random_flip` and `random_crop`.
@Suite struct AugmentationTests {
    /// Records of images whose numbers tell where they come from, and a second feature that is the same images.
    private func dataset(
        _ map: [MapStep], images: [[Int]], count: Int = 6, shuffle: InputPipeline.Shuffle? = nil, repeats: Int? = 1,
        seed: UInt64 = 7, cached: Int = 1 << 20, type: ElementType = .uint8
    ) throws -> Dataset {
        let folder = try TemporaryFolder()
        var tensors = try images.enumerated().map { place, shape in
            let size = type.bytes(ofShape: shape) ?? 0
            let bytes = (0..<(count * size)).map { UInt8(truncatingIfNeeded: $0 % size + 1 + 31 * ($0 / size)) }
            return ("x\(place)", try NDArray(type: type, shape: [count] + shape, bytes: bytes))
        }
        tensors.append(("y", NDArray((0..<count).map { UInt8($0) })))
        try folder.write(
            "d.safetensors", Safetensors(tensors: .init(uniqueKeysWithValues: tensors)).serialized())
        return try InputPipeline(
            source: .safetensors(
                path: "d.safetensors", features: images.indices.map { "x\($0)" }, labels: ["y"]),
            map: map, shuffle: shuffle, repeatCount: repeats, dropRemainder: false, seed: seed
        ).open(DataRoots([folder.path]), limits: SourceLimits(cachedBytes: cached))
    }

    private func all(_ iterator: BatchIterator, limit: Int = 50) throws -> [[NDArray]] {
        var batches: [[NDArray]] = []
        while batches.count < limit, let batch = try iterator.next() { batches.append(batch) }
        return batches
    }

    /// The image of one row as pixels, each with its bytes.
    private func pixels(_ array: NDArray, row: Int) -> [[[UInt8]]] {
        let (height, width) = (array.shape[1], array.shape[2])
        let pixel = array.bytes.count / array.shape[0] / height / width
        let image = Array(array.bytes[(row * height * width * pixel)..<((row + 1) * height * width * pixel)])
        return (0..<height).map { y in
            (0..<width).map { x in Array(image[((y * width + x) * pixel)..<((y * width + x + 1) * pixel)]) }
        }
    }

    static let pixelTypes: [(ElementType, [Int])] = [
        (.uint8, [3, 4]), (.uint8, [2, 5, 3]), (.float32, [3, 4, 1]), (.float64, [2, 3]), (.int16, [4, 4, 2]),
    ]

    @Test(arguments: pixelTypes.indices, FlipAxes.allCases) func flipMirrorsSomeImages(_ row: Int, axes: FlipAxes)
        throws
    {
        let (type, shape) = Self.pixelTypes[row]
        let plain = try #require(try dataset([], images: [shape], count: 60, type: type).batches(ofSize: 60).next())[0]
        let flipped = try #require(
            try dataset([.randomFlip(axes)], images: [shape], count: 60, type: type).batches(ofSize: 60).next())[0]
        #expect(flipped.shape == plain.shape)
        var seen: [String: Int] = [:]
        for record in 0..<60 {
            let image = pixels(plain, row: record)
            let made = pixels(flipped, row: record)
            let mirrored = Array(image.map { Array($0.reversed()) })
            switch made {
            case image: seen["none", default: 0] += 1
            case mirrored: seen["horizontal", default: 0] += 1
            case Array(image.reversed()): seen["vertical", default: 0] += 1
            case Array(mirrored.reversed()): seen["both", default: 0] += 1
            default: Issue.record("record \(record) is neither the image nor its mirror image")
            }
        }
        let expected: Set =
            switch axes {
            case .horizontal: ["none", "horizontal"]
            case .vertical: ["none", "vertical"]
            case .horizontalAndVertical: ["none", "horizontal", "vertical", "both"]
            }
        #expect(Set(seen.keys) == expected)
        // 60 draws of 1/2 or 1/4: outside of these bounds with a probability below 1e-4, and the seed is fixed.
        for (kind, count) in seen { #expect((axes == .horizontalAndVertical ? 3...30 : 15...45) ~= count, "\(kind)") }
    }

    @Test(arguments: pixelTypes.indices, [0, 1]) func cropKeepsAPartOfThePaddedImage(_ row: Int, padding: Int) throws {
        let (type, shape) = Self.pixelTypes[row]
        let size = CropSize(height: 2, width: 3, padding: padding)
        let plain = try #require(try dataset([], images: [shape], count: 200, type: type).batches(ofSize: 200).next())[
            0]
        let cropped = try #require(
            try dataset([.randomCrop(size)], images: [shape], count: 200, type: type).batches(ofSize: 200).next())[0]
        #expect(cropped.shape == [200, 2, 3] + shape.dropFirst(2))
        let (height, width) = (shape[0] + 2 * padding - 2, shape[1] + 2 * padding - 3)
        var seen: Set<[Int]> = []
        for record in 0..<200 {
            let image = pixels(plain, row: record)
            let zero = image[0][0].map { _ in UInt8(0) }
            let made = pixels(cropped, row: record)
            for top in 0...height {
                for left in 0...width {
                    let part = (0..<2).map { y in
                        (0..<3).map { x in
                            let (y, x) = (y + top - padding, x + left - padding)
                            return image.indices ~= y && image[y].indices ~= x ? image[y][x] : zero
                        }
                    }
                    if part == made { seen.insert([top, left]) }
                }
            }
        }
        #expect(seen.count == (height + 1) * (width + 1), "each part is drawn by one of 200 records")
    }

    /// What the others are held against: one random step before, between and behind steps that are not.
    static let map: [MapStep] = [
        .cast(.float32), .randomCrop(CropSize(height: 3, width: 3, padding: 1)), .scale(0.5), .oneHot(6),
        .randomFlip(.horizontal), .offset(1), .reshape([9]),
    ]

    @Test(arguments: 0..<40) func theStreamIsTheSameForAnyHostsAndRestarts(seed: UInt64) throws {
        var random = SplitMix64(seed: seed, stream: 2)
        let hosts = Int(random.next(below: 4)) + 1
        let size = hosts * (Int(random.next(below: 5)) + 1)
        let data = try dataset(
            Self.map, images: [[4, 4]], shuffle: random.nextBool() ? .init(bufferSize: 4, seed: seed) : nil, repeats: 3,
            seed: seed, cached: random.nextBool() ? 0 : 1 << 20)
        let whole = try all(data.batches(ofSize: size))
        let share = size / hosts
        let parts = try (0..<hosts).map { host in
            try all(data.batches(ofSize: size, rows: (host * share)..<((host + 1) * share)))
        }
        for (step, batch) in whole.enumerated() {
            for element in batch.indices {
                #expect(parts.flatMap { $0[step][element].bytes } == batch[element].bytes, "seed \(seed)")
            }
        }
        let cut = Int(random.next(below: UInt64(whole.count + 1)))
        let rest = try all(data.batches(ofSize: size, from: StreamPosition(batches: cut)))
        #expect(rest == Array(whole[cut...]), "seed \(seed)")
    }

    /// The draws are those of the random steps alone; the rest is done to what they give, the padding included.
    @Test(arguments: [0, 1 << 20]) func stepsAreDoneInTheirOrder(cached: Int) throws {
        let batch = try #require(
            try dataset(Self.map, images: [[4, 4]], cached: cached).batches(ofSize: 6).next())
        let drawn = try #require(
            try dataset(Self.map.filter { ["random_crop", "random_flip"].contains($0.name) }, images: [[4, 4]])
                .batches(ofSize: 6).next())
        #expect(batch.map(\.shape) == [[6, 9], [6, 6]])
        #expect(try batch[0].elements(as: Float.self) == drawn[0].bytes.map { Float($0) * 0.5 + 1 })
        #expect(try batch[1].elements(as: Float.self) == (0..<36).map { $0 % 7 == 0 ? 1 : 0 })
    }

    @Test func eachEpochDrawsAnewAndEachSeedOtherwise() throws {
        let map: [MapStep] = [.randomCrop(CropSize(height: 3, width: 3, padding: 2))]
        let epochs = try all(dataset(map, images: [[4, 4]], count: 30, repeats: 3).batches(ofSize: 30)).map {
            $0[0].bytes
        }
        #expect(epochs.count == 3)
        #expect(Set(epochs).count == 3)
        let other = try all(dataset(map, images: [[4, 4]], count: 30, repeats: 3, seed: 8).batches(ofSize: 30))
        #expect(Set(epochs + other.map { $0[0].bytes }).count == 6)
    }

    @Test func allFeaturesOfARecordGetTheSameDraws() throws {
        let map: [MapStep] = [.randomFlip(.horizontalAndVertical), .randomCrop(CropSize(height: 2, width: 2))]
        let batch = try #require(
            try dataset(map, images: [[4, 4], [4, 4]], count: 40, repeats: 1).batches(ofSize: 40).next())
        #expect(batch[0].bytes == batch[1].bytes)
    }

    static let wrong: [([MapStep], [Int], String, String)] = [
        (
            [.randomFlip(.vertical)], [16], "/map/0/random_flip",
            "needs images, [height, width] or [height, width, channels], but x0 is [16]; reshape comes before it"
        ),
        (
            [.reshape([2, 2, 2, 2]), .randomCrop(CropSize(height: 1, width: 1))], [4, 4], "/map/1/random_crop",
            "needs images, [height, width] or [height, width, channels], but x0 is [2, 2, 2, 2]; reshape comes before it"
        ),
        (
            [.randomCrop(CropSize(height: 5, width: 4))], [4, 4], "/map/0/random_crop",
            "can't cut 5 by 4 pixels out of 4 by 4, which x0 [4, 4] has"
        ),
        (
            [.randomCrop(CropSize(height: 4, width: 9, padding: 2))], [4, 4, 1], "/map/0/random_crop",
            "can't cut 4 by 9 pixels out of 8 by 8, which x0 [4, 4, 1] has with 2 of padding on each side"
        ),
        (
            [.randomCrop(CropSize(height: .max / 4, width: .max / 4, padding: .max / 8))], [4, 4], "/map/0/random_crop",
            "can't cut \(Int.max / 4) by \(Int.max / 4) pixels out of \(Int.max / 8 * 2 + 4) by \(Int.max / 8 * 2 + 4), "
                + "which x0 [4, 4] has with \(Int.max / 8) of padding on each side"
        ),
    ]

    @Test(arguments: wrong.indices) func isRefused(_ index: Int) throws {
        let (map, shape, pointer, detail) = Self.wrong[index]
        let error = #expect(throws: DatasetError.self) { try dataset(map, images: [shape]) }
        #expect(error?.pointer.description == pointer)
        #expect(error?.detail == detail)
    }
}
