"""A headless Chromium, driven through its DevTools protocol (https://chromedevtools.github.io/devtools-protocol)."""
import base64
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request

import websocket

PATIENCE = 60
NAMES = ("chromium", "chromium-browser", "google-chrome")


def program():
    """The browser's path; None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Chromium:
    """One tab of a browser of its own, which goes away with close()."""

    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="tpud-browser-")
        self.process = subprocess.Popen(
            [program(), "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
             "--disable-dev-shm-usage", "--remote-debugging-port=0", f"--user-data-dir={self.profile}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port = self._wait(self._port)
        pages = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/json"))
        address = next(page["webSocketDebuggerUrl"] for page in pages if page["type"] == "page")
        self.socket = websocket.create_connection(address, timeout=PATIENCE, suppress_origin=True)
        self.number, self.complaints = 0, []
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def _port(self):
        try:
            with open(f"{self.profile}/DevToolsActivePort") as file:
                return int(file.readline())
        except (OSError, ValueError):
            return None

    def _wait(self, condition):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if value := condition():
                return value
            time.sleep(0.05)
        raise RuntimeError(f"the browser did not get ready in {PATIENCE} s")

    def call(self, method, **parameters):
        """The result of a method of the protocol; what the page complains of meanwhile is noted."""
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            if message.get("method") == "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(message["params"]["exceptionDetails"])[:1000])
            elif message.get("method") == "Log.entryAdded":
                self._note(message["params"]["entry"])

    def _note(self, entry):
        # Answers of 400 and above, and a daemon that is away, are what the tests bring about.
        if entry["level"] == "error" and entry["source"] != "network":
            self.complaints.append(entry["text"])

    def run(self, script):
        """The value of an expression in the page; promises are waited for."""
        result = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{script[:200]}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def until(self, script, seconds=PATIENCE):
        """The value of an expression once it is true."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if value := self.run(script):
                return value
            time.sleep(0.1)
        raise AssertionError(f"not so after {seconds} s: {script}\n{self.run('document.body.innerText')[:3000]}")

    def open(self, address):
        self.call("Page.navigate", url=address)

    def size(self, width, height, scale=1, is_mobile=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=is_mobile)

    def scheme(self, name):
        """`light` or `dark`, as the system would have it."""
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def screenshot(self, path):
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
