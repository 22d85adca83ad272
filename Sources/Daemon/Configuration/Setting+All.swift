import Logging

extension Setting {
    /// The manifest: every key of the daemon, in the order of the file. Loader, `check-config`, the flags' test and the
    /// comparison with `etc/tpud.yaml` are loops over it.
    package static let all: [Setting] = serving + state + workers + checks + limits + webhooks + lifecycle

    private static let serving: [Setting] = [
        Setting(
            "listen", .address(optional: true), standard: "127.0.0.1:8470", reloadable: false,
            "Host and port of the TCP listener; null for none. An address that other machines reach is refused unless tokens are set and allow_remote is true."
        ),
        Setting(
            "socket", .path(optional: true), standard: "null", reloadable: false,
            "Path of a Unix socket to listen on as well; null for none."
        ),
        Setting(
            "allowed_hosts", .names, standard: "[]", reloadable: false,
            "Names, without ports, that the Host field of a request may have besides loopback addresses, localhost and the addresses that are listened on; * for any. Others are answered 421, so that no page can reach the daemon by a name of its own. Over the Unix socket any name will do."
        ),
        Setting(
            "allow_remote", .flag, standard: "false", reloadable: false,
            "Whether listen may be an address that other machines reach; tokens must be set, too. Requests and tokens are sent as they are: put a proxy with TLS in front."
        ),
        Setting(
            "tokens", .path(optional: true), standard: "null", reloadable: false,
            "File of the tokens that requests must bear, which tpud token add and tpud token revoke write; a change holds within a second. null for none: then whoever reaches the daemon may do everything."
        ),
    ]

    private static let state: [Setting] = [
        Setting(
            "state_dir", .path(optional: false), standard: "/var/lib/tpud", reloadable: false,
            "Folder of the database, the model folders and the logs. Made when missing; one daemon at a time."
        ),
        Setting(
            "data_roots", .paths, standard: "[]", reloadable: true,
            "Folders under which jobs may name their files. Anything outside them is refused."
        ),
        Setting(
            "pod", .pod, standard: "v2-8", reloadable: false,
            "The simulated TPU system: a name such as v2-8 or v3-32, or hosts and the cores of each, such as 4h8c."
        ),
    ]

    private static let workers: [Setting] = [
        Setting(
            "workers", .integer(0...1024, optional: true), standard: "null", reloadable: true,
            "Worker processes that run at once; null for the machine's cores. With 0 jobs are taken and none is started."
        ),
        Setting(
            "threads_per_worker", .integer(1...1024, optional: true), standard: "null", reloadable: true,
            "Threads of one worker; null for the machine's cores divided by the number of workers. A job's numbers don't depend on it."
        ),
        Setting(
            "worker_memory_bytes", .integer(67_108_864...1_099_511_627_776, optional: true), standard: "null",
            reloadable: true,
            "Private memory that a worker may have; null for its data, four times what its plan needs, and 1 GiB. "
                + "One that needs more ends as OUT_OF_MEMORY."
        ),
        Setting(
            "heartbeat_seconds", .seconds(0.05...60), standard: "1", reloadable: true,
            "Time between two heartbeats of a worker."
        ),
        Setting(
            "stall_timeout_seconds", .seconds(0.2...86_400), standard: "60", reloadable: true,
            "A worker that sends nothing for this long is killed and its attempt ends as STALLED."
        ),
        Setting(
            "hang_timeout_seconds", .seconds(0.2...604_800), standard: "600", reloadable: true,
            "So is one that sends heartbeats, but takes no processor time and reports nothing else for this long."
        ),
        Setting(
            "stop_timeout_seconds", .seconds(0.1...3_600), standard: "30", reloadable: true,
            "Time that a worker has for its last checkpoint once it was told to stop; then it is killed."
        ),
        Setting(
            "programs", .programs, standard: "{}", reloadable: true,
            "Programs that jobs may name instead of a model, such as {digits: /opt/digits/Digits}: executables built on the library TPUEstimatorProgram, which run as workers do, with the daemon's own rights. List only what you trust."
        ),
    ]

    private static let checks: [Setting] = [
        Setting(
            "checkers", .integer(1...1024, optional: true), standard: "null", reloadable: true,
            "Processes that check specifications at once; null for the machine's cores, two at most. Further checks wait."
        ),
        Setting(
            "check_timeout_seconds", .seconds(0.1...3_600), standard: "60", reloadable: true,
            "Time that the check of a specification may wait for its turn, and then may take (TOO_EXPENSIVE)."
        ),
        Setting(
            "check_memory_bytes", .integer(67_108_864...1_099_511_627_776, optional: false), standard: "2147483648",
            reloadable: true,
            "Private memory that a check may take (TOO_EXPENSIVE)."
        ),
        Setting(
            "max_spec_bytes", .integer(1024...67_108_864, optional: false), standard: "4194304", reloadable: true,
            "Bytes of a specification with every default filled in, as it is stored; a longer one is answered 413."
        ),
    ]

    private static let limits: [Setting] = [
        Setting(
            "queue_limit", .integer(1...10_000_000, optional: false), standard: "10000", reloadable: true,
            "Jobs that may wait (QUEUED, RETRY_WAIT). At this number a submission is answered 429 with Retry-After."
        ),
        Setting(
            "owner_queue_limit", .integer(1...10_000_000, optional: true), standard: "null", reloadable: true,
            "Jobs of one owner that may wait; at this number its submission is answered 429 with Retry-After. null for as many as queue_limit allows all together."
        ),
        Setting(
            "requests_per_second", .integer(1...1_000_000, optional: true), standard: "null", reloadable: false,
            "Requests that the name of a token may make on average, at most ten seconds' worth of them at once; more are answered 429 with Retry-After. null for as many as it likes."
        ),
        Setting(
            "reactors", .integerOrAuto(1...Configuration.mostReactors), standard: "1", reloadable: false,
            "Threads that requests are served on; auto for the machine's cores. One is enough unless thousands of requests a second come: jobs are supervised on the first, and the workers need the cores, too."
        ),
        Setting(
            "max_connections", .integer(1...1_000_000, optional: false), standard: "12000", reloadable: false,
            "Connections that are served at once, at most what the limit of descriptors leaves after 64, 8 for each worker, and a quarter of the rest for files. For one more, the one that has been idle longest is closed."
        ),
        Setting(
            "connections_per_client", .integer(1...1_000_000, optional: true), standard: "null", reloadable: false,
            "Connections that one client may have at once: an address, of IPv6 the first 64 bits of one; further ones are closed at once. Behind a proxy all clients are one. null for as many as there may be."
        ),
        Setting(
            "max_body_bytes", .integer(1024...1_073_741_824, optional: false), standard: "33554432", reloadable: false,
            "Bytes of a request's body; a longer one is answered 413."
        ),
        Setting(
            "header_timeout_seconds", .seconds(0.1...3_600), standard: "10", reloadable: false,
            "Time from a connection's first byte to the end of the request's head."
        ),
        Setting(
            "body_timeout_seconds", .seconds(0.1...3_600), standard: "60", reloadable: false,
            "Time from a request's head to the end of its body."
        ),
        Setting(
            "idle_timeout_seconds", .seconds(0.1...86_400), standard: "60", reloadable: false,
            "Time that a connection may stay open between two requests."
        ),
        Setting(
            "min_read_rate", .integer(0...1_073_741_824, optional: false), standard: "512", reloadable: false,
            "Bytes a second, on average over 30 seconds, that a client must take while an answer waits for it; a slower one is dropped. One that takes nothing is dropped whatever the rate."
        ),
    ]

    private static let webhooks: [Setting] = [
        Setting(
            "webhook_secret", .path(optional: true), standard: "null", reloadable: false,
            "File of the keys that webhooks are signed with, a line each, the newest first: whsec_ and the base64 of 24 to 64 bytes. SIGHUP reads it again. null for webhook-secret in state_dir, which the daemon makes."
        ),
        Setting(
            "webhook_networks", .networks, standard: "[]", reloadable: true,
            "Inner networks, such as 10.1.0.0/16 or 127.0.0.1, that webhooks may lead to. Loopback, private, link-local and other addresses that are not the internet's are refused unless they are in one of them, whatever name leads there."
        ),
        Setting(
            "webhook_timeout_seconds", .seconds(0.1...120), standard: "10", reloadable: true,
            "Time in which the receiver of a webhook must answer."
        ),
        Setting(
            "webhook_backoff_seconds", .seconds(0.01...3_600), standard: "5", reloadable: true,
            "Time between the first try of a delivery and the second, half of it at least; then three times as long each time, up to six hours."
        ),
        Setting(
            "webhook_max_tries", .integer(1...100, optional: false), standard: "12", reloadable: true,
            "Tries of a delivery, after which it is DEAD: about a day's worth."
        ),
    ]

    private static let lifecycle: [Setting] = [
        Setting(
            "drain_timeout_seconds", .seconds(0.1...3_600), standard: "30", reloadable: true,
            "Time from SIGTERM to the daemon's exit: running jobs write a checkpoint and go back to the queue."
        ),
        Setting(
            "max_unclean_starts", .integer(0...1000, optional: false), standard: "3", reloadable: false,
            "After so many starts in a row without a clean stop, or ten minutes of serving, between them, the jobs that "
                + "ran when the daemon ended are held until they are resumed. 0 holds none."
        ),
        Setting(
            "access_log", .word(["combined", "json", "off"]), standard: "off", reloadable: false,
            "Whether a line is written for each answered request, and how: Combined Log Format with the request's id and seconds behind it, or JSON. It has no query and no token."
        ),
        Setting(
            "access_log_file", .path(optional: true), standard: "null", reloadable: false,
            "File of the access log, which SIGHUP opens anew; null for standard error."
        ),
        Setting(
            "audit_days", .integer(1...36_500, optional: false), standard: "90", reloadable: true,
            "Days for which it is kept who has asked what of which job, host or delivery."
        ),
        Setting(
            "log_level", .word(Logger.Level.allCases.map(\.rawValue)), standard: "info", reloadable: true,
            "The lowest level that is logged (to standard error, which systemd's journal keeps)."
        ),
    ]
}
