// Begins here: the model, the views by the address's fragment, the bar.

import { CompareView } from "./compare-view.js";
import { setAttribute, setText } from "./dom.js";
import { integer } from "./format.js";
import { inNextFrame } from "./frame.js";
import { JobView } from "./job-view.js";
import { JobsView } from "./jobs-view.js";
import { NewView } from "./new-view.js";
import { notify } from "./notices.js";
import { PodModel } from "./pod-model.js";
import { PodView } from "./pod-view.js";
import { QueueView } from "./queue-view.js";
import { followTheme } from "./theme-switch.js";
import { offerToForget } from "./token.js";

const model = new PodModel();
const main = document.getElementById("main");
let view = null;
/** What has changed since the last frame; null for all. */
let changes = null;

/** The view that a fragment such as `#/jobs/01m…?x=y` names, and the part of the bar that it belongs to. */
function viewOf(fragment) {
    const [path, query = ""] = fragment.replace(/^#/, "").split("?");
    const [, name = "", rest = ""] = path.split("/");
    const parameters = new URLSearchParams(query);
    if (name === "jobs" && rest) return ["jobs", new JobView(model, rest.toLowerCase())];
    if (name === "jobs") return ["jobs", new JobsView(model, parameters)];
    if (name === "compare") return ["jobs", new CompareView(model, rest.split(",").filter(Boolean))];
    if (name === "queue") return ["queue", new QueueView(model)];
    if (name === "new") return ["new", new NewView(model, parameters)];
    return ["pod", new PodView(model)];
}

function show(isFirst) {
    view?.close?.();
    const [tab, next] = viewOf(location.hash);
    view = next;
    for (const link of document.querySelectorAll("nav a")) setAttribute(link, "aria-current", link.dataset.view === tab ? "page" : null);
    main.replaceChildren(view.element);
    main.dataset.view = tab;
    scrollTo(0, 0);
    view.open?.();
    changes = null;
    update();
    if (!isFirst) main.focus({ preventScroll: true });
}

function update() {
    const topics = changes;
    changes = new Set();
    view.update(topics ?? everything);
    document.title = `${view.title} – tpud`;
    const waiting = model.counts.QUEUED ?? 0;
    const count = document.getElementById("queue-count");
    count.hidden = waiting === 0;
    setText(count, integer(waiting));
}

function updateAll() {
    changes = null;
    inNextFrame(update);
}

const everything = new Set(["jobs", "topology", "queue", "counts", "events", "link"]);
const linkWords = { connecting: "Connecting", live: "Live", waiting: "Reconnecting", resting: "Resting" };

function showLink() {
    const element = document.getElementById("link");
    setAttribute(element, "data-link", model.link);
    setText(element.lastElementChild, linkWords[model.link]);
}

let toldOutdated = false;
model.listen((topic) => {
    if (topic === "link") showLink();
    if (model.isOutdated && !toldOutdated) {
        toldOutdated = true;
        notify("The daemon has a newer version of this page: load it again.");
    }
    changes?.add(topic);
    inNextFrame(update);
});
addEventListener("hashchange", () => show(false));
// "12 s ago" and the like go on while nothing happens.
setInterval(() => document.visibilityState === "visible" && updateAll(), 5000);
followTheme(document.getElementById("theme"), () => {
    view?.recolour?.();
    updateAll();
});
offerToForget(document.getElementById("token"));
show(true);
model.start();
