// What is told at the page's edge, and what is asked before something that can't be undone.

import { h } from "./dom.js";

/** Tells something for a while; screen readers read it. */
export function notify(text, kind = "info") {
    const notice = h("div", { class: "notice", "data-kind": kind }, h("span", {}, text));
    const remove = () => notice.remove();
    notice.append(h("button", { type: "button", class: "quiet", "aria-label": "Dismiss", onclick: remove }, "×"));
    document.getElementById("notices").append(notice);
    setTimeout(remove, kind === "error" ? 15_000 : 5_000);
}

/** Asks; true where it is confirmed. Escape and a press outside say no. */
export function confirmed(title, text, action) {
    return new Promise((resolve) => {
        const close = (value) => () => dialog.close(value);
        const dialog = h("dialog", { "aria-labelledby": "dialog-title", class: "ask" },
            h("h2", { id: "dialog-title" }, title), h("p", {}, text),
            h("div", { class: "buttons" },
                h("button", { type: "button", onclick: close("no") }, "Keep it"),
                h("button", { type: "button", class: "danger", onclick: close("yes") }, action)));
        dialog.addEventListener("click", (event) => event.target === dialog && dialog.close("no"));
        dialog.addEventListener("close", () => {
            dialog.remove();
            resolve(dialog.returnValue === "yes");
        });
        document.body.append(dialog);
        dialog.showModal();
    });
}
