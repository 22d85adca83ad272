// What this module's public signatures show: a program that a daemon runs imports EstimatorProgram and nothing else.
@_exported public import Estimator
