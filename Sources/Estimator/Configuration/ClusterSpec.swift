/// The jobs of a cluster, by name, in the order of its definition (TensorFlow: `tf.train.ClusterSpec`, `ClusterDef`).
package struct ClusterSpec: Sendable, Hashable {
    /// The names of the jobs. Repetitions are kept. Default: none.
    package var jobs: [String]

    /// A cluster of the given jobs.
    package init(jobs: [String] = []) {
        self.jobs = jobs
    }
}

/// What a session is configured with (TensorFlow: `tf.ConfigProto`, as far as an estimator reads it).
package struct SessionConfiguration: Sendable, Hashable {
    /// The cluster that the session's master belongs to (`ConfigProto.cluster_def`). Default: no jobs.
    package var cluster: ClusterSpec

    /// A configuration with the given cluster.
    package init(cluster: ClusterSpec = ClusterSpec()) {
        self.cluster = cluster
    }
}
