// What is known of a job's states and of the verbs (docs/states.md).

/** The word of each state as it is shown. */
export const stateNames = {
    QUEUED: "Queued", STARTING: "Starting", RUNNING: "Running", STOPPING: "Stopping", PAUSED: "Paused",
    RETRY_WAIT: "Retry wait", SUCCEEDED: "Succeeded", FAILED: "Failed", CANCELLED: "Cancelled",
    TIMED_OUT: "Timed out", EXPIRED: "Expired",
};

/** The states that hold cores. */
export const holding = ["STARTING", "RUNNING", "STOPPING"];

/** The states that never change again. */
export const final = ["SUCCEEDED", "FAILED", "CANCELLED", "TIMED_OUT", "EXPIRED"];

/** The states that a job can leave. */
export const live = Object.keys(stateNames).filter((state) => !final.includes(state));

/** Why a job waits, in words. */
export const pendingReasons = {
    CORES_BUSY: "Its cores are busy", WORKER_LIMIT: "All workers are busy",
    PRIORITY: "Others go first", HOST_UNAVAILABLE: "A host it needs is drained or down",
    RETRY_BACKOFF: "Waits before it is tried again", DRAINING: "The daemon is about to end",
    DISK_FULL: "The disk is full", HELD: "Held: resume it", CANNOT_FIT: "Larger than the pod",
    DEPENDENCY: "Waits for another job", QUOTA: "Its quota is used up", RESERVED: "The cores are reserved",
    SCHEDULING: "About to be scheduled",
};

/** A job's verbs in the order of their buttons: what a button says, what it asks before, and in which states it helps. */
export const verbs = [
    { name: "checkpoint", label: "Checkpoint", states: ["RUNNING"], about: "Write a checkpoint at the end of the present device loop, and go on" },
    { name: "pause", label: "Pause", states: ["QUEUED", "RETRY_WAIT", "STARTING", "RUNNING"], about: "Write a checkpoint and give the cores back" },
    { name: "resume", label: "Resume", states: ["PAUSED", "STOPPING", "QUEUED"], about: "Let it be started again from its newest checkpoint" },
    { name: "cancel", label: "Cancel", states: live, about: "End it, with a last checkpoint", ask: "It ends and writes a last checkpoint. It can't be resumed." },
    { name: "kill", label: "Kill", states: live, about: "End it at once, without a last checkpoint", ask: "It ends at once. What came after its newest checkpoint is lost." },
    { name: "delete", label: "Delete", states: final, about: "Remove its record, its checkpoints and its log", ask: "Its record, its checkpoints and its log are removed for good." },
];

/** A host's verbs. */
export const hostVerbs = [
    { name: "drain", label: "Drain", states: ["UP"], about: "Take no more jobs; what runs there goes on" },
    { name: "undrain", label: "Undrain", states: ["DRAINING"], about: "Take jobs again" },
    { name: "fail", label: "Fail", states: ["UP", "DRAINING"], about: "Fault injection: jobs there go on elsewhere from their newest checkpoints", ask: "Every job that has cores there is ended at once and goes on elsewhere from its newest checkpoint." },
    { name: "repair", label: "Repair", states: ["DOWN"], about: "Bring it back" },
];

/** Whether a job has ended. */
export function isFinal(job) {
    return final.includes(job.state);
}
