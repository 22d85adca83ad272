#!/usr/bin/env python3
"""The page at / of the real daemon in headless Chromium: a job is submitted by the form and watched to its end, faults are
shown at their fields, verbs do what they say, a restart of the daemon is survived, axe-core finds nothing.

usage: page.py [--screenshots FOLDER]      exit: 0 all of it holds (or there is no Chromium, which is told), 1 it does not

TPUD_BINARY is the daemon, else .build/release/tpud. The packages of .ci/page-requirements.txt; `make page-test` installs them.
"""
import argparse
import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "Python")]

import chromium  # noqa: E402
from daemon_process import BINARY, ROOT, DaemonProcess  # noqa: E402

EXAMPLES = ROOT / "docs/examples"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
LOADS = 9
# In pixels; pictures of docs/page.md stay below 150 KB.
SCREEN, PICTURE, PHONE = (1360, 860), (1160, 700), (390, 844)


def example(file, **changes):
    return json.loads((EXAMPLES / f"{file}.json").read_text()) | changes


def endless(name, shards=8, steps=100_000_000):
    """A job that runs until somebody ends it."""
    spec = example("digits-mlp", name=name, labels={"team": "vision"})
    spec["train"]["max_steps"] = steps
    spec["tpu_config"] |= {"num_shards": shards, "iterations_per_loop": 100}
    if shards > 8:
        # An evaluation takes eight cores at most; without the size it runs on the CPU.
        del spec["eval_batch_size"]
    spec["run_config"]["save_checkpoints_steps"] = 20_000
    return spec


class PageTest:
    def __init__(self, daemon, tab):
        self.daemon, self.tab = daemon, tab
        self.base = f"http://127.0.0.1:{daemon.port}/"

    # What a person does

    def go(self, fragment):
        self.tab.run(f"void (location.hash = {json.dumps(fragment)})")
        self.tab.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")

    def press(self, words, inside="main"):
        """Presses the button with these words."""
        self.tab.until(f"[...document.querySelectorAll('{inside} button')].some((b) => b.textContent === {json.dumps(words)})")
        self.tab.run(f"[...document.querySelectorAll('{inside} button')].find((b) => b.textContent === {json.dumps(words)}).click()")

    def write(self, label, value):
        """Writes into the first field with this label."""
        self.tab.run(f"""{{
            const label = [...document.querySelectorAll('.field label')].find((one) => one.textContent === {json.dumps(label)});
            const input = document.getElementById(label.htmlFor);
            input.value = {json.dumps(value)};
            input.dispatchEvent(new Event('input', {{ bubbles: true }}));
        }}""")

    def state(self, word, seconds=60):
        self.tab.until(f"document.querySelector('.job-title .state')?.textContent === {json.dumps(word)}", seconds)

    def submit(self, spec):
        status, job = self.daemon.call("POST", "/v1/jobs", spec)
        assert status == 201, job
        return job["id"]

    # What has to hold

    def it_is_painted(self):
        paints = sorted(self.paint() for _ in range(LOADS))
        self.tab.until("document.querySelectorAll('.host').length === 4")
        return f"first paint after {paints[LOADS // 2]:.0f} ms ({paints[0]:.0f} to {paints[-1]:.0f}, {LOADS} times with an empty cache)"

    def paint(self):
        """Milliseconds from the navigation to the first paint with content, with an empty cache."""
        self.tab.open("about:blank")
        self.tab.call("Network.clearBrowserCache")
        self.tab.open(self.base)
        self.tab.until("document.querySelector('#link')?.dataset.link === 'live'")
        return self.tab.until("performance.getEntriesByName('first-contentful-paint')[0]?.startTime")

    def modules_compute_what_they_should(self):
        folder = self.tab.run("document.querySelector('script[type=module]').src.replace(/[^/]*$/, '')")
        cases = json.loads((ROOT / "Tests/Fixtures/conformance/numeric/schedules.json").read_text())["cases"]
        wrong = self.tab.run(f"({(HERE / 'modules.js').read_text()})({json.dumps(folder)}, {json.dumps(cases)})")
        assert not wrong, "\n".join(wrong)
        return f"{len(cases)} schedules of TensorFlow's among them"

    def faults_are_at_their_fields(self):
        self.go("#/new")
        self.tab.until("document.querySelectorAll('.field').length > 10")
        self.write("train_batch_size", "7")
        self.write("units", "many")
        self.press("Check")
        self.tab.until("document.querySelectorAll('.field [aria-invalid]').length === 2")
        for name in ("train_batch_size", "units"):
            said = self.tab.run(f"""(() => {{
                const label = [...document.querySelectorAll('.field label')].find((one) => one.textContent === '{name}');
                return document.getElementById(document.getElementById(label.htmlFor).getAttribute('aria-describedby')).textContent;
            }})()""")
            assert said, name
        assert self.tab.run("document.activeElement.hasAttribute('aria-invalid')"), "the first fault has the focus"
        self.press("JSON")
        self.press("Check")
        self.tab.until("document.querySelectorAll('.faults li').length === 2")
        assert "line" in self.tab.run("document.querySelector('.faults li').textContent")
        self.press("Fields")
        self.write("train_batch_size", "128")
        self.write("units", "64")
        self.press("Check")
        self.tab.until("document.querySelector('.plan .summary')?.textContent.includes('dense')")

    def a_job_is_watched_to_its_end(self):
        self.write("name", "from-the-form")
        self.write("max_steps", "400")
        self.press("Submit")
        self.tab.until("location.hash.startsWith('#/jobs/')")
        self.state("Succeeded", 120)
        self.tab.until("document.querySelector('[data-quantity=loss] canvas')?.getAttribute('aria-label')?.match(/training \\d/)")
        self.tab.until("document.querySelector('.log').textContent.includes('Ended at step 400')")
        assert self.tab.run("document.querySelector('.job-title h1').textContent") == "from-the-form"
        drawn = "(c) => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v > 0)"
        self.tab.until(f"({drawn})(document.querySelector('[data-quantity=loss] canvas'))")
        link = self.tab.until("document.querySelector('.checkpoints td.files a')?.getAttribute('href')")
        status, content = self.daemon.call("GET", link)
        assert status == 200 and b"dense/kernel" in content, "the checkpoint is a safetensors file"
        self.tab.run("document.querySelector('details.fold summary').click()")
        self.tab.until("document.querySelector('.fold .summary')?.textContent.includes('Total params')")

    def predictions_can_be_saved(self):
        """What the job before has learnt predicts; only such a job has the link."""
        trained = self.tab.run("location.hash.slice('#/jobs/'.length)")
        link = "[...document.querySelectorAll('.job-verbs a')].find((a) => a.textContent === 'Predictions')"
        assert self.tab.run(f"{link}.hidden"), "a job that trains has no predictions"
        spec = self.daemon.call("GET", f"/v1/jobs/{trained}")[1]["spec"]
        predicting = {name: spec[name] for name in ("model", "loss")} | {
            "name": "the-predictions", "mode": "predict", "warm_start_from": {"job": trained},
            "predict": {"input": {"source": spec["train"]["input"]["source"], "map": spec["train"]["input"].get("map", [])}}}
        id = self.submit(predicting)
        self.go(f"#/jobs/{id}")
        self.state("Succeeded", 120)
        path = self.tab.until(f"!{link}.hidden && {link}.getAttribute('href')")
        status, content = self.daemon.call("GET", path)
        assert status == 200 and content.startswith(b'{"index":0,'), content
        self.go(f"#/jobs/{trained}")
        self.tab.until("document.querySelector('.job-title h1')?.textContent === 'from-the-form'")

    def a_copy_has_every_field(self):
        before = self.tab.run("location.hash.slice('#/jobs/'.length)")
        self.tab.run("document.querySelector('.job-verbs a.primary').click()")
        self.tab.until("document.querySelector('.tools .note')?.textContent.startsWith('a copy of from-the-form')")
        self.write("name", "the-copy")
        self.press("Submit")
        self.tab.until(f"location.hash.startsWith('#/jobs/') && !location.hash.endsWith({json.dumps(before)})")
        self.state("Succeeded", 120)
        copy = self.tab.run("location.hash.slice('#/jobs/'.length)")
        specs = [self.daemon.call("GET", f"/v1/jobs/{one}")[1]["spec"] | {"name": ""} for one in (before, copy)]
        assert specs[0] == specs[1], "a copy is the same but for what was edited"
        self.go(f"#/compare/{before},{copy}")
        self.tab.until("document.querySelectorAll('[data-quantity=loss] .legend li').length === 4")

    def verbs_do_what_they_say(self):
        job = self.submit(endless("verbs"))
        self.go(f"#/jobs/{job}")
        self.state("Running")
        self.press("Checkpoint")
        self.tab.until("document.querySelectorAll('.checkpoints tbody tr').length > 0")
        self.press("Pause")
        self.state("Paused")
        self.press("Resume")
        self.state("Running")
        self.press("Cancel")
        self.press("Keep it", "dialog")
        self.tab.until("!document.querySelector('dialog')")
        assert self.daemon.call("GET", f"/v1/jobs/{job}")[1]["state"] == "RUNNING", "nothing was asked for"
        self.press("Cancel")
        self.press("Cancel", "dialog")
        self.state("Cancelled")
        self.press("Delete")
        self.press("Delete", "dialog")
        self.tab.until("location.hash === '#/jobs'")
        self.tab.until(f"!document.querySelector('.list [href=\"#/jobs/{job}\"]')")
        assert self.daemon.call("GET", f"/v1/jobs/{job}")[0] == 404

    def a_job_is_changed(self):
        job = self.submit(endless("changed"))
        self.go(f"#/jobs/{job}")
        self.state("Running")
        self.press("Change")
        self.tab.until("document.querySelector('dialog h2')?.textContent === 'Change changed'")
        # A fault is at its field.
        self.write("priority", "2000000")
        self.press("Change", "dialog")
        self.tab.until("document.querySelector('dialog [aria-invalid]')?.value === '2000000'")
        assert self.tab.run("document.activeElement.hasAttribute('aria-invalid')"), "the fault has the focus"
        # Somebody else is faster, and does not lose what he changed.
        self.write("priority", "7")
        self.write("max_run_seconds", "3600")
        status, other = self.daemon.call("PATCH", f"/v1/jobs/{job}", {"labels": {"from": "elsewhere"}})
        assert status == 200, other
        self.press("Change", "dialog")
        self.tab.until("document.querySelector('dialog .fault')?.textContent.startsWith('Somebody has changed it')")
        self.press("Change", "dialog")
        self.tab.until("!document.querySelector('dialog')")
        changed = self.daemon.call("GET", f"/v1/jobs/{job}")[1]
        assert (changed["priority"], changed["spec"]["max_run_seconds"]) == (7, 3600), changed
        assert changed["labels"] == {"team": "vision", "from": "elsewhere"}, changed["labels"]
        self.tab.until("document.querySelector('.facts').textContent.includes('from=elsewhere')")
        # A label goes, and what is not touched is not sent.
        self.press("Change")
        self.tab.until("document.querySelector('dialog [aria-label=\"Remove from\"]') !== null")
        self.tab.run("document.querySelector('dialog [aria-label=\"Remove from\"]').click()")
        self.press("Change", "dialog")
        self.tab.until("!document.querySelector('dialog')")
        changed = self.daemon.call("GET", f"/v1/jobs/{job}")[1]
        assert (changed["labels"], changed["priority"]) == ({"team": "vision"}, 7), changed
        # Of a job that has ended, labels alone.
        self.daemon.call("POST", f"/v1/jobs/{job}/kill")
        self.state("Cancelled")
        self.press("Change")
        self.tab.until("document.querySelector('dialog p')?.textContent === 'It has ended: only its labels can change.'")
        labels = self.tab.run("[...document.querySelectorAll('dialog .field label')].map((one) => one.textContent).join()")
        assert labels == "team", labels
        self.press("Leave it", "dialog")
        self.tab.until("!document.querySelector('dialog')")

    def hosts_are_drained(self):
        self.go("#/")
        self.tab.run("document.querySelector('.host[data-key=\"3\"]').click()")
        self.press("Drain", ".host-panel")
        self.tab.until("document.querySelector('.host[data-key=\"3\"]').dataset.state === 'DRAINING'")
        self.press("Undrain", ".host-panel")
        self.tab.until("document.querySelector('.host[data-key=\"3\"]').dataset.state === 'UP'")
        self.tab.run("document.querySelector('.host[data-key=\"3\"]').click()")

    def keys_do_what_pointers_do(self):
        def key(name):
            for kind in ("keyDown", "keyUp"):
                self.tab.call("Input.dispatchKeyEvent", type=kind, key=name, code=name, windowsVirtualKeyCode={"Enter": 13}.get(name, 0),
                              text="\r" if name == "Enter" and kind == "keyDown" else "")
        self.go("#/jobs")
        self.tab.until("document.querySelectorAll('.rows .row').length >= 2")
        self.tab.run("document.querySelector('.rows').focus()")
        key("ArrowDown")
        key("ArrowDown")
        assert self.tab.run("document.activeElement.closest('.row').getAttribute('aria-rowindex')") == "3"
        key("Enter")
        self.tab.until("location.hash.startsWith('#/jobs/')")
        self.go("#/")
        self.tab.run("document.querySelector('.host').focus()")
        key("ArrowRight")
        assert self.tab.run("document.activeElement.dataset.key") == "1"

    def a_restart_is_survived(self):
        self.go("#/")
        self.tab.run("void (window.isTheSamePage = true)")
        self.daemon.kill()
        self.tab.until("document.querySelector('#link').dataset.link === 'waiting'")
        self.daemon.start()
        self.tab.until("document.querySelector('#link').dataset.link === 'live'")
        job = self.submit(example("iris", name="after-the-restart"))
        self.tab.until("document.querySelector('.events').textContent.includes('after-the-restart')")
        self.tab.until(f"document.querySelector('.area-running [href=\"#/jobs/{job}\"]')?.closest('.row').textContent.includes('Succeeded')")
        told = self.tab.run(f"[...document.querySelectorAll('.events a[href=\"#/jobs/{job}\"]')].length")
        stored = self.daemon.call("GET", f"/v1/jobs/{job}/events")[1]["events"]
        assert told == len(stored), f"{told} of {len(stored)} events"
        assert self.tab.run("window.isTheSamePage"), "it was not loaded again"

    def axe_finds_nothing(self):
        found = importlib.util.find_spec("axe_core_python")
        if not found:
            return "left out: axe-core-python is not installed"
        axe = (pathlib.Path(found.origin).parent / "axe.min.js").read_text()
        jobs = self.daemon.call("GET", "/v1/jobs")[1]["jobs"]
        views = ["#/", "#/jobs", "#/queue", "#/new", f"#/jobs/{jobs[0]['id']}", f"#/compare/{jobs[0]['id']},{jobs[1]['id']}"]
        for scheme in ("light", "dark"):
            self.tab.scheme(scheme)
            for view in views:
                self.go(view)
                time.sleep(1)
                self.no_fault(axe, f"{scheme} {view}")
            self.go(views[4])
            self.press("Change")
            self.tab.until("document.querySelector('dialog .field') !== null")
            self.no_fault(axe, f"{scheme} the dialog of a change")
            self.press("Leave it", "dialog")
        self.tab.scheme("light")
        return f"{len(views)} views and a dialog, light and dark"

    def no_fault(self, axe, what):
        self.tab.run(axe + ";0")
        found = json.loads(self.tab.run(
            f"axe.run(document, {{ runOnly: {RULES}, resultTypes: ['violations'] }}).then((r) => JSON.stringify(r.violations))"))
        told = [(one["id"], [node["target"] for node in one["nodes"]][:5]) for one in found]
        assert not told, f"{what}: {told}"

    def a_phone_is_wide_enough(self):
        self.tab.size(*PHONE, scale=2, is_mobile=True)
        job = self.daemon.call("GET", "/v1/jobs")[1]["jobs"][0]["id"]
        for view in ("#/", "#/jobs", "#/queue", "#/new", f"#/jobs/{job}"):
            self.go(view)
            time.sleep(0.5)
            wide = self.tab.run("document.documentElement.scrollWidth")
            assert wide <= PHONE[0], f"{view} is {wide} wide"
        self.tab.size(*SCREEN)

    def a_token_is_asked_for(self):
        with tempfile.TemporaryDirectory() as folder:
            tokens = f"{folder}/tokens"
            viewer, other, submitter = (
                subprocess.run([BINARY, "token", "add", "--role", role, "--name", "eve", "--file", tokens], check=True,
                               capture_output=True, text=True).stdout.strip() for role in ("viewer", "viewer", "submitter"))
            with DaemonProcess("--workers", "0", "--tokens", tokens) as daemon:
                self.tab.open(f"http://127.0.0.1:{daemon.port}/")
                self.give_token("A token is needed", viewer[:-1] + ("0" if viewer[-1] != "0" else "1"))
                self.give_token("Another token is needed", viewer)
                self.tab.until("document.querySelectorAll('.host').length > 0 && !document.querySelector('dialog')")
                self.tab.until("document.getElementById('link').dataset.link === 'live'")
                assert self.tab.run("location.href + document.cookie").count("tpud_") == 0
                assert self.tab.run("fetch('/v1/jobs').then((answer) => answer.status)") == 401
                # A link bears no token: what is saved is fetched first.
                status, job = daemon.call("POST", "/v1/jobs", endless("saved"), {"Authorization": f"Bearer {submitter}"})
                assert status == 201, job
                self.tab.run("""{ const make = URL.createObjectURL;
                    window.saved = [];
                    URL.createObjectURL = (blob) => { saved.push(blob.type); return make.call(URL, blob); }; }""")
                self.go(f"#/jobs/{job['id']}")
                self.tab.until("document.querySelector('.log-panel a') !== null")
                self.tab.run("document.querySelector('.log-panel a').click()")
                self.tab.until("saved.length === 1 && saved[0].startsWith('text/plain')")
                # What was open with it ends with it, and the page asks again.
                self.go("#/")
                subprocess.run([BINARY, "token", "revoke", viewer.split("_")[1], "--file", tokens], check=True, capture_output=True)
                self.give_token("Another token is needed", other)
                self.tab.until("document.querySelectorAll('.host').length > 0 && !document.querySelector('dialog')")
                self.press("Forget the token", "header")
                self.tab.until("document.querySelector('dialog h2')?.textContent === 'A token is needed'")
                assert self.tab.run("sessionStorage.length") == 0

    def give_token(self, title, token):
        """Answers the dialog of this title."""
        self.tab.until(f"document.querySelector('dialog h2')?.textContent === {json.dumps(title)}")
        self.tab.run(f"{{ document.getElementById('token-field').value = {json.dumps(token)}; }}")
        self.press("Use it", "dialog")

    def nothing_is_complained_of(self):
        assert not self.tab.complaints, self.tab.complaints


STEPS = [
    PageTest.it_is_painted, PageTest.modules_compute_what_they_should, PageTest.faults_are_at_their_fields, PageTest.a_job_is_watched_to_its_end,
    PageTest.predictions_can_be_saved, PageTest.a_copy_has_every_field, PageTest.verbs_do_what_they_say,
    PageTest.a_job_is_changed, PageTest.hosts_are_drained,
    PageTest.keys_do_what_pointers_do, PageTest.a_restart_is_survived, PageTest.axe_finds_nothing,
    PageTest.a_phone_is_wide_enough, PageTest.a_token_is_asked_for, PageTest.nothing_is_complained_of,
]


def take_screenshots(test, folder):
    """The pictures of docs/page.md."""
    folder.mkdir(parents=True, exist_ok=True)
    tab = test.tab
    tab.size(*PICTURE)
    test.go("#/")
    time.sleep(2)
    tab.screenshot(folder / "idle.png")
    shown = example("digits-cnn", labels={"team": "vision"})
    shown["train"]["max_steps"] = 600
    shown["tpu_config"]["iterations_per_loop"] = 10
    shown["evaluate"]["every_steps"] = 50
    shown["optimizer"] = {"SGD": {"learning_rate": {"CosineDecay": {
        "initial_learning_rate": 0.0, "warmup_target": 0.05, "warmup_steps": 60, "decay_steps": 540}}, "momentum": 0.9}}
    done = [test.submit(spec) for spec in (shown, example("iris"), example("digits-mlp"))]
    diverges = example("digits-mlp", name="mlp-too-fast", optimizer={"SGD": {"learning_rate": 1e30}})
    for job in (*done, test.submit(diverges)):
        test.daemon.call("GET", f"/v1/jobs/{job}?until=terminal&wait=120s", timeout=150)
    test.go(f"#/jobs/{done[0]}")
    time.sleep(4)
    tab.screenshot(folder / "job.png")
    long = example("shakespeare-lstm", labels={"team": "text"})
    long["train"]["max_steps"] = 400
    test.submit(long)
    test.submit(endless("mlp-two-hosts", shards=16, steps=40_000))
    for number in range(12):
        test.submit(endless(f"mlp-sweep-{number:02}", steps=30_000 + 20_000 * number))
    test.daemon.call("POST", "/v1/hosts/6/drain")
    test.daemon.call("POST", "/v1/hosts/7/fail")
    test.go("#/")
    time.sleep(30)
    tab.screenshot(folder / "busy.png")
    tab.scheme("dark")
    time.sleep(1)
    tab.screenshot(folder / "dark.png")
    tab.scheme("light")
    tab.size(*PHONE, scale=1.5, is_mobile=True)
    time.sleep(2)
    tab.screenshot(folder / "phone.png")
    for path in sorted(folder.glob("*.png")):
        print(f"{path}: {path.stat().st_size} bytes")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--screenshots", type=pathlib.Path, help="take the pictures of docs/page.md instead")
    options = arguments.parse_args()
    if not chromium.program():
        print(f"skipped: none of {', '.join(chromium.NAMES)} is installed")
        return 0
    workers, pod = ("5", "8h8c") if options.screenshots else ("3", "4h8c")
    with DaemonProcess("--workers", workers, "--threads-per-worker", "1", pod=pod) as daemon, chromium.Chromium() as tab:
        tab.size(*SCREEN)
        test = PageTest(daemon, tab)
        if options.screenshots:
            tab.open(test.base)
            tab.until("document.querySelectorAll('.host').length === 8")
            take_screenshots(test, options.screenshots)
            return 0
        for step in STEPS:
            began = time.monotonic()
            said = step(test)
            print(f"{step.__name__.replace('_', ' ')}: {time.monotonic() - began:.1f} s{f', {said}' if said else ''}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
