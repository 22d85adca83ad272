"""The real tpud on a port of 127.0.0.1, for fuzzing and benchmarks. Python's standard library only."""
import contextlib
import http.client
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = os.environ.get("TPUD_BINARY", str(ROOT / ".build/release/tpud"))
DATA = ROOT / "docs/examples/data"


class DaemonProcess:
    """One daemon with a state folder of its own, which goes away with close()."""

    def __init__(self, *flags, pod="v2-8", data=DATA, descriptors=None, memory=None, environment=None):
        self.state = tempfile.mkdtemp(prefix="tpud-")
        self.flags, self.pod, self.data = list(flags), pod, data
        self.limits = [(resource.RLIMIT_NOFILE, descriptors), (resource.RLIMIT_AS, memory)]
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("TPUD_")} | (environment or {})
        self.log_file = pathlib.Path(self.state) / "daemon.log"
        self.port = None
        self.process = None
        self.start()

    def start(self):
        """Starts it, on the port that it had, and returns once it is ready."""
        command = [BINARY, "serve", "--listen", f"127.0.0.1:{self.port or 0}", "--state-dir", self.state + "/state",
                   "--pod", self.pod, "--data-root", str(self.data), *self.flags]
        place = self.log_file.stat().st_size if self.log_file.exists() else 0
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env=self.environment, preexec_fn=self._limit)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            said = self.log_file.read_bytes()[place:].decode(errors="replace")
            if found := re.search(r"serving pod .*http://[^ ]*:(\d+)", said):
                self.port = int(found[1])
                return
            if self.process.poll() is not None:
                raise RuntimeError(f"tpud ended with {self.process.returncode}: {said[-1000:]}")
            time.sleep(0.02)
        raise RuntimeError("tpud did not get ready in 60 s")

    def _limit(self):
        for limit, value in self.limits:
            if value:
                resource.setrlimit(limit, (value, value))

    # Requests

    def connection(self, timeout=60):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def call(self, method, path, body=None, headers=None, timeout=60):
        """Status and body of an answer: JSON where it is JSON, else bytes. A body that is neither bytes nor text is
        sent as JSON."""
        connection = self.connection(timeout)
        try:
            if body is not None and not isinstance(body, (bytes, str)):
                body = json.dumps(body)
            if isinstance(body, str):
                body = body.encode("utf-8", "surrogatepass")
            fields = {"Content-Type": "application/json"} if body is not None else {}
            connection.request(method, path, body=body, headers=fields | (headers or {}))
            answer = connection.getresponse()
            content = answer.read()
            try:
                return answer.status, json.loads(content)
            except ValueError:
                return answer.status, content
        finally:
            connection.close()

    def raw(self, message, timeout=2):
        """What comes back for bytes, until the daemon closes or nothing comes for so many seconds."""
        answer = b""
        with socket.create_connection(("127.0.0.1", self.port)) as stream:
            stream.settimeout(timeout)
            try:
                stream.sendall(message)
                stream.shutdown(socket.SHUT_WR)
                while piece := stream.recv(65536):
                    answer += piece
            except OSError:
                pass
        return answer

    def answers(self, timeout=20):
        """Whether /healthz answers."""
        try:
            return self.call("GET", "/healthz", timeout=timeout)[0] == 200
        except OSError:
            return False

    # What the kernel says of it

    @property
    def is_running(self):
        return self.process.poll() is None

    def children(self):
        """The living processes that it has started."""
        found = []
        for name in os.listdir("/proc"):
            if name.isdigit():
                with contextlib.suppress(OSError, IndexError, ValueError):
                    fields = pathlib.Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()
                    if int(fields[1]) == self.process.pid and fields[0] != "Z":
                        found.append(int(name))
        return found

    def processor_seconds(self, with_children=True):
        """Processor time that it has taken; that of the processes it has started, ended and living, too."""
        def fields(process):
            return pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        own = fields(self.process.pid)
        ticks = sum(map(int, own[11:15] if with_children else own[11:13]))
        for child in self.children() if with_children else []:
            with contextlib.suppress(OSError):
                ticks += sum(map(int, fields(child)[11:15]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def resident(self):
        """Resident bytes."""
        return self._status("VmRSS")

    def peak(self):
        """The most bytes that were resident."""
        return self._status("VmHWM")

    def _status(self, name):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{name}:\s+(\d+)", text)[1]) * 1024

    def log(self):
        return self.log_file.read_text(errors="replace")

    # Ends

    def kill(self):
        if self.is_running:
            self.process.kill()
        self.process.wait()

    def terminate(self):
        """SIGTERM; the exit status."""
        if self.is_running:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def close(self):
        self.kill()
        shutil.rmtree(self.state, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
