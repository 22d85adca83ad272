#!/usr/bin/env bash
# The first job, with nothing but curl and jq: start the daemon, POST a job, watch it train on eight simulated cores,
# look at its checkpoints and open one with Python's safetensors. State is kept in .tpud (ignored by git).
# On a terminal the daemon stays in the foreground afterwards (Ctrl-C drains it); without one it is stopped, and the
# exit status is the job's: 0 when it succeeded.
set -euo pipefail
cd "$(dirname "$0")/../.."

url=http://127.0.0.1:8470
say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

if curl -s -o /dev/null --max-time 2 "$url/healthz"; then
    echo "Something already answers at $url; stop it first, or talk to it with the lines of docs/first-job.md." >&2
    exit 1
fi

say "tpud serve --state-dir .tpud/state --data-root docs/examples/data"
mkdir -p .tpud
.build/release/tpud serve --state-dir .tpud/state --data-root docs/examples/data 2>.tpud/tpud.log &
daemon=$!
trap 'kill -TERM $daemon 2>/dev/null || true; wait $daemon || true' EXIT
curl -sS -o /dev/null --retry 50 --retry-delay 0 --retry-connrefused --max-time 30 "$url/readyz" || {
    cat .tpud/tpud.log >&2
    exit 1
}

say "curl --json @docs/examples/digits-mlp.json $url/v1/jobs"
job=$(curl -sS --fail-with-body --json @docs/examples/digits-mlp.json "$url/v1/jobs" | tee .tpud/job.json | jq -r .id)
jq '{id, name, state, labels, created_at}' .tpud/job.json

say "curl '$url/v1/jobs/$job?wait=1s&since_version=N'   (polled until the state is final)"
version=0
while :; do
    curl -sS --fail-with-body "$url/v1/jobs/$job?wait=1s&since_version=$version" >.tpud/job.json
    version=$(jq .version .tpud/job.json)
    jq -r '"\(.state)  step \(.progress.global_step // 0) of \(.progress.target_step // "?")"
        + "  loss \(.progress.loss // "-")  \(.progress.examples_per_second // 0 | floor) examples/s"' .tpud/job.json
    jq -e '.finished_at == null' .tpud/job.json >/dev/null || break
done

say "curl $url/v1/jobs/$job"
jq '{state, placement, result, error, latest_checkpoint}' .tpud/job.json

say "curl $url/v1/jobs/$job/checkpoints"
curl -sS --fail-with-body "$url/v1/jobs/$job/checkpoints" | tee .tpud/checkpoints.json | jq -c '.checkpoints[] | {step, bytes, kept_because}'

step=$(jq '.checkpoints[0].step' .tpud/checkpoints.json)
say "curl -O $url/v1/jobs/$job/checkpoints/$step/model.safetensors, opened with Python's safetensors"
curl -sS --fail-with-body -o .tpud/model.safetensors "$url/v1/jobs/$job/checkpoints/$step/model.safetensors"
.venv/bin/python - .tpud/model.safetensors <<'PYTHON'
import sys
from safetensors import safe_open

with safe_open(sys.argv[1], framework="numpy") as tensors:
    for name in sorted(tensors.keys()):
        print(f"{name:20} {str(tensors.get_tensor(name).shape):12} {tensors.get_tensor(name).dtype}")
PYTHON

state=$(jq -r .state .tpud/job.json)
say "$state, accuracy on 288 test digits: $(jq '.result.evaluation.accuracy' .tpud/job.json)"
cat <<NEXT

Try next:
    curl $url/v1/jobs                                  # every job, newest first
    curl $url/v1/jobs/$job/logs
    curl $url/v1/jobs/$job/metrics
    curl $url/v1/topology
    curl --json @docs/examples/digits-mlp.json $url/v1/jobs
    curl -X POST $url/v1/jobs/ID/cancel
    .build/release/tpuctl submit --wait docs/examples/digits-mlp.json
NEXT

if [ -t 0 ] && [ -t 1 ]; then
    say "The daemon is serving at $url. Ctrl-C drains it."
    trap - EXIT
    trap 'kill -TERM $daemon 2>/dev/null' INT TERM
    wait $daemon || wait $daemon
else
    [ "$state" = SUCCEEDED ]
fi
