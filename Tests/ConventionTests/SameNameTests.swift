import Testing

/// Each source file that decides something has its test of the same name (docs/style.md, rule 1): of the targets named
/// here, every file either has one or is listed with what it is instead.
@Suite struct SameNameTests {
    /// Why a file has no test of its own.
    private enum Reason {
        /// It decides nothing: members, cases, protocols, tables, texts of SQL. No branch is found in it.
        case values
        /// It decides too little for a suite of its own, and this one holds it.
        case through(String)
        /// It starts processes, waits, or joins what decides elsewhere: tested with the real binary, in `tpudTests`.
        case effects
    }

    private static let targets: Set<String> = [
        "API", "Checker", "Daemon", "Datasets", "Estimator", "EstimatorProgram", "Executor", "Formats", "Graph", "HTTP",
        "Jobs", "Keras",
        "Reactor", "Scheduling", "Store", "Transfer", "Worker", "WorkerProtocol",
    ]

    private static let exceptions: [String: Reason] = [
        "EstimatorProgram/Exports": .values, "EstimatorProgram/ProgramContext": .through("TPUEstimatorProgramTests"),
        "EstimatorProgram/ProgramContext+Outcome": .through("TPUEstimatorProgramTests"),
        "EstimatorProgram/ProgramContext+Run": .through("TPUEstimatorProgramTests"),
        "EstimatorProgram/ProgramError": .through("ModelParametersValuesTests"),
        "Keras/ProgramAttempt": .through("TPUEstimatorProgramTests"),
        "Keras/ProgramDefinition": .through("ProgramReaderTests"),
        "Keras/ProgramSections": .through("ProgramReaderTests"),
        "Worker/PreparedAttempt": .through("TrainingRunnerTests"), "Worker/ProgramProcess": .effects,
        "Worker/TrainingCourse": .through("TrainingRunnerTests"), "Worker/WorkerSession": .through("WorkerMainTests"),
        "API/DeliveryView": .through("ViewTests"), "API/WebhookMessage": .through("ViewTests"),
        "Daemon/WaitingRequests": .through("ReactorsTests"), "Daemon/Endpoints+Webhooks": .effects,
        "Daemon/SecretFile": .through("TokenFileDiskTests"),
        "Daemon/LiveWebhookSecret": .through("WebhookSecretFileTests"), "Daemon/TrainingDaemon+Webhooks": .effects,
        "Daemon/WebhookDeliverer": .effects,
        "Daemon/WebhookMessage+Record": .through("WebhookPostTests"), "Jobs/DeliveryState": .values,
        "Jobs/Webhook": .values, "Store/DeliveryRecord": .through("JobStoreDeliveriesTests"),
        "Store/Outbox": .through("JobStoreDeliveriesTests"), "Store/WebhooksSchema": .values,
        "API/AuditViews": .through("ViewTests"), "Daemon/Endpoints+Audit": .effects,
        "Daemon/TrainingDaemon+AccessLog": .effects, "Daemon/TrainingDaemon+Sockets": .effects,
        "Daemon/CacheControl": .values, "Daemon/Endpoints+Showing": .effects,
        "Store/AuditEntry": .through("JobStoreAuditTests"),
        "Store/AuditSchema": .values, "Store/JobCommit": .values,
        "API/WeightedElement": .through("AcceptFieldTests"),
        "Keras/JobCheckpoints": .through("StartReaderTests"), "Keras/StartingFile": .through("PlacedWeightsTests"),
        "HTTP/BodyRule+Check": .through("BodyRuleTests"), "HTTP/Connection+Answer": .through("LifecycleTests"),
        "HTTP/Connection+Dispatch": .through("ServerTests"), "HTTP/Connection+Held": .through("HeldAnswerTests"),
        "HTTP/Connection+Reading": .through("ServerTests"), "HTTP/FileBody": .values,
        "HTTP/FileReader": .through("LifecycleTests"), "HTTP/HTTPVersion": .values,
        "HTTP/ServerTotals": .through("ServerShardTests"), "HTTP/Listener": .through("ConnectionTests"),
        "HTTP/ListeningSocket": .through("ServerTests"),
        "HTTP/RequestHead": .values, "HTTP/RequestStorage": .through("RequestReaderTests"), "HTTP/Response": .values,
        "HTTP/ResponseWriter": .values, "HTTP/Route": .values, "HTTP/Router+Match": .through("RouterTests"),
        "HTTP/ServerConfiguration": .values, "HTTP/ServerFigures": .values, "Reactor/DetachedThread": .effects,
        "Reactor/EventLoop+Call": .through("EventLoopTests"), "Reactor/EventLoop+Sleep": .through("EventLoopTests"),
        "Reactor/EventLoop+Thread": .through("EventLoopTests"), "Reactor/SocketCalls": .through("SystemCallTests"),
        "Jobs/CheckpointFile": .values, "Jobs/CheckpointState": .values, "Jobs/JobFailure": .values,
        "Jobs/CheckpointFile+JSON": .through("WorkerFrameTests"), "Jobs/JobFailure+JSON": .through("WorkerFrameTests"),
        "Jobs/JobProgress+JSON": .through("WorkerFrameTests"), "Formats/JSONMembers": .values,
        "Jobs/JobProgress": .values, "Jobs/Verb": .values, "Scheduling/Plan": .values,
        "Scheduling/Snapshot": .values, "Store/EvolvableSchema+Indices": .values,
        "Store/EvolvableSchema+Triggers": .through("EvolvableSchemaTests"), "Store/InitialSchema": .values,
        "Store/HostsSchema": .values, "Store/RepliesSchema": .values, "Store/ReplyPromise": .values,
        "Store/InitialTransitions": .values, "Store/JobRecord": .values,
        "Store/LiveJob": .through("JobStoreQueueTests"),
        "Store/NewJob": .values, "Store/StoreStep": .values, "API/Build": .through("ViewTests"),
        "API/Endpoint+Table": .through("EndpointTests"),
        "API/AnswerField": .through("AnswerFieldsTests"),
        "API/Endpoint+GeneralAnswers": .through("OpenAPIDocumentTests"),
        "API/OpenAPIDocument+Operation": .through("OpenAPIDocumentTests"),
        "API/OpenAPIDocument+Parts": .through("OpenAPIDocumentTests"),
        "API/TrainingFields": .through("ReferencePageTests"),
        "API/FieldMeanings": .through("ReferencePageTests"), "API/FieldMeanings+Layers": .values,
        "API/FieldMeanings+Training": .values,
        "API/OpenAPIDocument+JobSpec": .through("OpenAPIDocumentTests"), "API/AttemptView": .through("ViewTests"),
        "API/CheckpointFile+Wire": .through("ViewTests"), "API/CheckpointView": .through("ViewTests"),
        "API/EventView": .through("ViewTests"), "API/StreamEndView": .through("ViewTests"),
        "API/HostView": .through("ViewTests"), "API/JobFailure+Wire": .through("ViewTests"),
        "API/JobProgress+Wire": .through("ViewTests"), "API/PendingView": .through("ViewTests"),
        "API/PlacementView": .through("ViewTests"), "API/ServiceViews": .through("ViewTests"),
        "API/TopologyView": .through("ViewTests"), "WorkerProtocol/CheckExitStatus": .values,
        "WorkerProtocol/CheckReport": .values, "WorkerProtocol/Assignment": .values,
        "WorkerProtocol/WorkerReport": .values, "Daemon/SpecificationChecker": .values,
        "Daemon/Supervisor": .through("SupervisorTests"), "Daemon/DiskWork": .effects,
        "Daemon/JobReader": .effects, "Daemon/LiveConfiguration": .values,
        "Daemon/Services": .effects,
        "Daemon/Setting+All": .through("SettingTests"), "Daemon/SettingValues": .through("ConfigurationTests"),
        "Daemon/Endpoints": .effects, "Daemon/Endpoints+Figures": .effects, "Daemon/Endpoints+Files": .effects,
        "Daemon/Endpoints+Jobs": .effects, "Daemon/Endpoints+Reports": .effects, "Daemon/Endpoints+Service": .effects,
        "Daemon/Endpoints+Submit": .effects, "Daemon/Endpoints+Events": .effects, "Daemon/Endpoints+Hosts": .effects,
        "Daemon/Endpoints+Keys": .effects, "Daemon/Endpoints+Verbs": .effects,
        "Daemon/Endpoints+Page": .effects, "Daemon/Response+Indented": .effects,
        "Daemon/TrainingDaemon": .effects, "Daemon/TrainingDaemon+Tokens": .effects,
        "Daemon/TrainingDaemon+Recovery": .effects, "Daemon/TrainingDaemon+Upkeep": .effects,
        "Daemon/StateBackup": .values,
        "Daemon/Counters": .values, "Daemon/ProcessFigures": .effects, "Daemon/AttemptLedger": .effects,
        "Daemon/JobLog": .values, "Daemon/ProgressBoard": .values, "Daemon/Supervisor+Attempt": .effects,
        "Daemon/Supervisor+StopRequests": .effects,
        "Daemon/Supervisor+Hosts": .effects, "Daemon/EventView+Record": .through("FollowedEventsTests"),
        "Daemon/StreamAudience": .through("FollowedEventsTests"),
        "Daemon/StreamFollower": .through("FollowedEventsTests"),
        "Daemon/WorkerProgram": .effects,
        "Daemon/LogFollower": .through("FollowedLogsTests"), "Checker/JobCompiler": .values,
        "Transfer/TransferRequest": .values, "Worker/BackgroundThread": .effects, "Worker/FrameObserver": .effects,
        "Worker/Heartbeat": .through("WorkerMainTests"), "Worker/JobRunner": .values, "Worker/SpecFile": .effects,
        "Worker/PredictionRun": .effects,
        "Graph/Elementwise": .values, "Graph/GraphVariable": .values, "Graph/Initializer": .values,
        "Graph/Node": .values, "Graph/Op": .values, "Graph/TensorType": .values, "Graph/Variable": .values,
        "Graph/GraphError": .through("GraphBuilderTests"), "Graph/Int+Saturating": .through("ExtremeSizesTests"),
        "Graph/GradientRules": .through("ReferenceGradientTests"), "Executor/Kernel": .values,
        "Executor/OpRole": .through("LaneExecutorTests"), "Executor/Linearity": .through("LaneExecutorTests"),
        "API/ProfileView": .through("ViewTests"), "Daemon/Endpoints+Profiles": .effects,
        "Worker/ProfileFolder": .effects,
        "Worker/ExportMain": .effects, "WorkerProtocol/ExportExitStatus": .values, "Daemon/ModelExporter": .effects,
        "Executor/InfeedFault": .values, "Keras/LoopLength": .through("ConfigurationReaderTests"),
        "Keras/OptimizerSlots": .through("ContinueFromTests"),
        "Keras/TooLargeJob": .through("KerasCompilerTests"),
        "Executor/LoopResult": .values, "Executor/MonotonicClock": .values, "Executor/ReferenceFloat": .values,
        "Graph/Float+BFloat16": .through("FloatKernelTests"),
        "Executor/PrimitiveContext": .through("ConvolutionKernelTests"),
        "Executor/PrimitiveTable": .through("ConvolutionKernelTests"),
        "Executor/ProductPrimitive": .through("LaneGraphBFloat16Tests"),
        "Executor/ExecutorError": .through("ProgramExecutorTests"),
        "Executor/FaultFlag": .through("ProgramExecutorTests"),
        "Executor/LaneExecutor+Run": .through("ProgramExecutorTests"),
        "Executor/WholeStep": .through("ProgramExecutorTests"), "Executor/ElementLoops": .through("ElementwiseTests"),
        "Executor/Reduction+Combine": .through("ReduceKernelTests"),
        "Executor/ChunkGroups": .through("LaneExecutorTests"), "Executor/Instruction": .through("LaneExecutorTests"),
        "Executor/Argument": .through("LaneExecutorTests"), "Executor/Grid": .values,
        "Executor/LoweredValue": .through("LaneExecutorTests"), "Executor/TypedIndex": .values,
        "Executor/Lowering": .through("StepAtomicityTests"), "Executor/BatchingRule": .through("LaneExecutorTests"),
        "Executor/BufferSlice": .through("LaneExecutorTests"), "Executor/BufferTable": .through("LaneExecutorTests"),
        "Executor/GroupBuilder": .through("FusedGroupTests"), "Executor/StepClock": .through("StepProfileTests"),
        "Executor/StepPlan+Description": .through("StepProfileTests"),
        "Executor/KernelStep": .through("LaneExecutorTests"), "Executor/KernelTable": .through("LaneExecutorTests"),
        "Executor/PartialStep": .through("LaneExecutorTests"), "Executor/LaneGraph": .through("LaneExecutorTests"),
        "Executor/Memory": .through("LaneExecutorTests"), "Executor/WorkerMemory": .through("LaneExecutorTests"),
        "Executor/SampleCost": .through("LaneExecutorTests"),
        "Executor/Schedule": .through("LaneExecutorTests"), "Executor/StepPlan": .through("LaneExecutorTests"),
        "Executor/StepPlanner": .through("LaneExecutorTests"),
        "Executor/StepPlanner+Chunks": .through("LaneExecutorTests"),
        "Executor/StepPlanner+Lanes": .through("LaneExecutorTests"),
        "Executor/ValueLayout": .through("LaneExecutorTests"), "Executor/WindowAxis": .through("PoolKernelTests"),
        "Executor/ConvolutionPrimitive": .through("ConvolutionKernelTests"),
        "Executor/ConvolutionShape": .through("ConvolutionKernelTests"),
        "Estimator/Checkpoint": .values,
        "Estimator/BuildEvent": .through("SeedCallOrderConformanceTests"),
        "Estimator/EvaluationHistory+JSON": .through("EvaluationHistoryTests"),
        "Estimator/PaddedInput": .through("FilledUpBatchesTests"),
        "Estimator/TPUEstimator+PredictOnCores": .through("FilledUpBatchesTests"),
        "Estimator/InputTensor": .values, "Estimator/TensorSignature": .values,
        "Estimator/EstimatorSpec": .through("WrappedModelFunctionTests"),
        "Estimator/MetricTensors": .through("SeedEvalMetricsConformanceTests"),
        "Estimator/DeclaredInputFunction": .through("InfeedPipelineTests"),
        "Estimator/DeclaredModelFunction": .through("WrappedModelFunctionTests"),
        "Estimator/EvalMetricsRecorder": .through("SeedEvalMetricsConformanceTests"),
        "Estimator/EvaluationMetrics": .through("SeedEvalMetricsConformanceTests"),
        "Estimator/HostFeedHook": .through("HostTrainingTests"), "Estimator/OutOfRange": .values,
        "Estimator/InputPipelineConfig": .values,
        "Estimator/CountedRows": .through("EvaluationTotalsTests"), "Estimator/HostCalls": .through("HostCallTests"),
        "Estimator/HostFunction": .through("HostCallTests"), "Estimator/HostParameters": .through("HostCallTests"),
        "Estimator/InputCall": .through("SeedValidationConformanceTests"),
        "Estimator/InputResult": .through("SeedStructureConformanceTests"),
        "Estimator/MetricFunction": .through("WrappedModelFunctionTests"),
        "Estimator/ModelFunctionWrapper": .through("SeedValidationConformanceTests"),
        "Estimator/TPUEstimator+Build": .through("WrappedModelFunctionTests"),
        "Estimator/TPUEstimatorSpec": .through("SeedEvalMetricsConformanceTests"),
        "Estimator/DatasetIterator": .through("DataInputTests"),
        "Estimator/ExportedModel": .through("TPUEstimatorExportTests"),
        "Estimator/HostSession": .through("EvaluatorTests"), "Estimator/TrainSpec": .values,
        "Estimator/WholeFolder": .through("CheckpointStoreTests"),
        "Estimator/TupleIterator": .through("InfeedPipelineTests"), "Estimator/ClusterSpec": .values,
        "Estimator/EventTracer": .values, "Estimator/Exports": .values,
        "Estimator/FeedKind": .values, "Estimator/FeedSignal": .values, "Estimator/HostVariable": .values,
        "Estimator/JobObserver": .values, "Estimator/LearningRateSchedule": .values, "Estimator/ModeKeys": .values,
        "Estimator/ModelFunction": .values, "Estimator/SavedState": .values, "Estimator/SessionHook": .values,
        "Estimator/TraceEvent": .values, "Estimator/TrainingObserver": .values,
        "Estimator/LoopResult+Parts": .through("DeviceSessionTests"),
        "Estimator/SessionOperation+Device": .through("DeviceSessionTests"),
        "Estimator/GraphVariable+Moments": .through("KerasAdamTests"),
        "Estimator/TimeDecay": .through("ScheduleConformanceTests"),
        "Estimator/PiecewiseConstantDecay": .through("ScheduleConformanceTests"),
        "Estimator/PolynomialDecay": .through("ScheduleConformanceTests"), "Formats/FormatError": .values,
        "Formats/JSONError": .values, "Formats/SpecError": .values, "Formats/SpecLimit": .values,
        "Formats/ByteCursor": .through("TensorFlowFilesTests"), "Formats/CRC32C": .through("FormatsConformanceTests"),
        "Formats/LittleEndian": .through("FormatsConformanceTests"),
        "Formats/ProtobufMessage": .through("FormatsConformanceTests"),
        "Formats/SortedTable": .through("TensorFlowFilesTests"),
        "Formats/TFExample": .through("FormatsConformanceTests"),
        "Formats/TFRecordReader": .through("TensorFlowFilesTests"),
        "Formats/TensorBoardEvent": .through("FormatsConformanceTests"),
        "Formats/TensorFlowCheckpoint": .through("TensorFlowFilesTests"),
        "Datasets/SourceDefinition": .through("TextSourceTests"), "Datasets/StreamPosition": .values,
        "Datasets/MapStep": .through("RecordMapTests"), "Datasets/ElementMap": .through("RecordMapTests"),
        "Datasets/ImageShape": .through("AugmentationTests"),
        "Datasets/RandomImageStep": .through("AugmentationTests"), "Keras/LayerHeader": .values,
        "Keras/ClassTable": .through("ConstraintTests"),
        "Keras/JobDefinition+Effect": .through("FieldEffectTests"), "Keras/Layer": .through("LayerCallTests"),
        "Keras/LayerPlan": .through("ModelPlanTests"), "Keras/OutputDefinition": .through("JobDefinitionModelTests"),
        "Keras/UnaryLayer": .through("FunctionalReaderTests"), "Keras/OptimizerRow": .through("OptimizerReaderTests"),
        "Keras/OptimizerRow+Keras": .through("OptimizerReaderTests"),
        "Keras/OptimizerRow+TensorFlow": .through("OptimizerReaderTests"),
        "Keras/EinsumEquation": .through("EinsumDenseLayerTests"), "Keras/GRUCell": .through("RecurrentLayerTests"),
        "Keras/LayerTable+Sequences": .values, "Keras/RecurrentCell": .through("RecurrentLayerTests"),
        "Keras/RecurrentProducts": .through("RecurrentLayerTests"),
        "Keras/RecurrentSettings": .through("RecurrentLayerTests"),
        "Keras/SimpleRNNCell": .through("RecurrentLayerTests"),
    ]

    /// A file's name without its folders: `Store/Store+Queue`.
    private static func name(_ file: SourceFile) -> String {
        "\(file.target)/\(file.path.split(separator: "/").last?.dropLast(".swift".count) ?? "")"
    }

    /// The files of the targets that neither have a test of their name nor are listed.
    private static func untested(_ files: [SourceFile], exceptions: Set<String>) -> [String] {
        let tests = Set(files.filter(\.isTest).map { "\($0.target)/\($0.path.split(separator: "/").last ?? "")" })
        return files.filter { !$0.isTest && targets.contains($0.target) }.map(name).filter { name in
            let test = name.replacing("+", with: "").replacing("/", with: "Tests/")
            return !tests.contains("\(test)Tests.swift") && !exceptions.contains(name)
        }
    }

    @Test func everyDecidingFileHasItsTest() throws {
        for name in Self.untested(try SourceFile.all(), exceptions: Set(Self.exceptions.keys)) {
            Issue.record("\(name).swift has no test of the same name: write one, or list it here with its reason")
        }
    }

    @Test func aFileWithoutATestIsFound() {
        let files = ["Sources/Jobs/New.swift", "Sources/Jobs/Old+Part.swift", "Tests/JobsTests/OldPartTests.swift"]
            .map { SourceFile(path: $0, text: "") }
        #expect(Self.untested(files, exceptions: []) == ["Jobs/New"])
        #expect(Self.untested(files, exceptions: ["Jobs/New"]).isEmpty)
    }

    /// The list is no longer than it has to be, and what it says is so.
    @Test func everyExceptionIsOne() throws {
        let files = try SourceFile.all()
        let needed = Set(Self.untested(files, exceptions: []))
        let byName = Dictionary(files.filter { !$0.isTest }.map { (Self.name($0), $0) }) { first, _ in first }
        let suites = Set(files.filter(\.isTest).map { String($0.path.split(separator: "/").last ?? "") })
        for (name, reason) in Self.exceptions {
            #expect(needed.contains(name), "\(name) has a test of its name, or is not there any more")
            switch reason {
            case .values:
                let branches = (byName[name]?.code ?? []).filter { line in
                    line.firstMatch(of: /\b(if|guard|switch|while|for|catch)\b|\?\?/) != nil
                }
                #expect(branches.isEmpty, "\(name) decides something")
            case .through(let suite): #expect(suites.contains("\(suite).swift"), "\(name)")
            case .effects: break
            }
        }
    }
}
