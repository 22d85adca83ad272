import Estimator
import Formats
import Testing

/// The topic `placement`.
@Suite struct SeedPlacementConformanceTests {
    @Test func everyCase() throws {
        let positional = Skip(reason: "a positional argument, which the placement function cannot take") {
            $0.tags.contains("dynamic_typing") && $0.input["positional"] != nil
        }
        try SeedTopic(
            name: "placement", skips: [positional],
            kinds: [
                "master_job": { .object(["master_job": .optional(try $0.input.context().masterJob)]) },
                "host_placement": hostPlacement,
                "host_placement_many": manyHostPlacements,
                "device_placement": devicePlacement,
                "ordinal": ordinal,
                "placement_from_config": fromConfiguration,
            ]
        ).run()
    }

    private func hostPlacement(_ each: SeedCase) throws -> Observed {
        let placement = HostPlacement(masterJob: try each.input.optionalString("master_job"))
        let device = try placement(
            coreID: try each.input.optionalInt("core_id"), hostID: try each.input.optionalInt("host_id"))
        return .object(["device": .string(device)])
    }

    private func manyHostPlacements(_ each: SeedCase) throws -> Observed {
        let placement = HostPlacement(masterJob: try each.input.optionalString("master_job"))
        let byCore = try each.input.optionalString("by") == "core_id"
        let devices = try each.input.ints("ids").map { id in
            try byCore ? placement(coreID: id) : placement(hostID: id)
        }
        return .object(["devices": .strings(devices)])
    }

    private func devicePlacement(_ each: SeedCase) throws -> Observed {
        let placement = DevicePlacement(masterJob: try each.input.optionalString("master_job"))
        return .object(["devices": .strings(try each.input.ints("indexes").map { placement($0) })])
    }

    private func ordinal(_ each: SeedCase) throws -> Observed {
        let context = try each.input.context()
        return .object(["ordinals": .ints(try each.input.ints("indexes").map { context.tpuOrdinal($0) })])
    }

    private func fromConfiguration(_ each: SeedCase) throws -> Observed {
        let context = try each.input.context()
        let cores = try each.input.ints("cores")
        return .object([
            "host_of_core": .list(
                cores.map { core in .part { .string(try context.tpuHostPlacementFunction(coreID: core)) } }),
            "device_of_core": .list(
                cores.map { core in .part { .string(try context.tpuDevicePlacementFunction(core)) } }),
        ])
    }
}
