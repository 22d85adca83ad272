// What this module's public signatures show: a user of the library imports Estimator and nothing else.
@_exported public import Graph
@_exported public import struct OrderedCollections.OrderedDictionary
