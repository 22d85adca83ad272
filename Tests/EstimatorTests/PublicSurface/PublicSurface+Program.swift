extension PublicSurface {
    /// What the library `EstimatorProgram` adds, sorted.
    static let program = """
        ModelParameters.flag(_:default:)
        ModelParameters.integer(_:default:)
        ModelParameters.number(_:default:)
        ModelParameters.string(_:default:)
        ProgramContext
        ProgramContext.Mode
        ProgramContext.attemptNumber
        ProgramContext.config
        ProgramContext.dataFile(_:)
        ProgramContext.estimator(_:batchAxis:)
        ProgramContext.estimator(_:batchAxis:)
        ProgramContext.evalBatchSize
        ProgramContext.evalEverySteps
        ProgramContext.evalInput
        ProgramContext.evalSteps
        ProgramContext.isStopRequested
        ProgramContext.job
        ProgramContext.log(_:)
        ProgramContext.maxSteps
        ProgramContext.mode
        ProgramContext.modelDirectory
        ProgramContext.numShards
        ProgramContext.predictBatchSize
        ProgramContext.predictInput
        ProgramContext.run(_:training:evaluation:prediction:)
        ProgramContext.seed
        ProgramContext.trainBatchSize
        ProgramContext.trainInput
        ProgramContext.useTPU
        ProgramError
        ProgramError.description
        TPUEstimatorProgram
        TPUEstimatorProgram.run(_:)
        """
}
