// The token that requests bear, where the daemon asks for one. It is kept for the tab's session alone, and goes to the page's own
// origin in a header field: it is in no address and in no cookie, which the browser would send by itself.

import { h } from "./dom.js";
import { notify } from "./notices.js";

const key = "tpud-token";
let isAsking = false;

function token() {
    try {
        return sessionStorage.getItem(key);
    } catch {
        // A browser that keeps nothing.
        return null;
    }
}

/** `fetch` with the token. Where the daemon asks for one, or does not know this one, the user is asked. */
export async function request(path, options = {}) {
    const text = token();
    const headers = text === null ? options.headers : { ...options.headers, Authorization: `Bearer ${text}` };
    const response = await fetch(path, { ...options, headers });
    if (response.status === 401 && text === token()) askForToken(text !== null);
    return response;
}

/** Makes a button that forgets the token; it is there only where there is one. */
export function offerToForget(button) {
    button.hidden = token() === null;
    button.addEventListener("click", () => {
        sessionStorage.removeItem(key);
        location.reload();
    });
}

/** A link to a file of the daemon's, to be saved as `name`. A link can't bear a token: with one the file is fetched first. */
export function fileLink(path, name, attributes, ...children) {
    const save = async (event) => {
        if (token() === null) return;
        event.preventDefault();
        try {
            const response = await request(path);
            if (!response.ok) throw new Error(`the daemon answers ${response.status}`);
            const address = URL.createObjectURL(await response.blob());
            h("a", { href: address, download: name }).click();
            // The browser has begun to save it by then.
            setTimeout(() => URL.revokeObjectURL(address), 60_000);
        } catch (error) {
            notify(`${name} can't be saved: ${error.message}`, "error");
        }
    };
    return h("a", { ...attributes, href: path, download: name, onclick: save }, ...children);
}

/** Asks for a token, and reads everything anew with it: there is nothing to see without one. */
function askForToken(isUnknown) {
    if (isAsking) return;
    isAsking = true;
    const field = h("input", { type: "password", id: "token-field", autocomplete: "off", spellcheck: "false", required: true, pattern: "\\s*[!-~]+\\s*" });
    const use = (event) => {
        event.preventDefault();
        try {
            sessionStorage.setItem(key, field.value.trim());
            location.reload();
        } catch {
            notify("This browser keeps nothing for this page, so that no token can be used here.", "error");
        }
    };
    const words = isUnknown
        ? "The daemon does not know this token, or does not know it any more."
        : "This daemon asks who asks. Its operator makes tokens with tpud token add.";
    const dialog = h("dialog", { "aria-labelledby": "token-title", class: "ask", oncancel: (event) => event.preventDefault() },
        h("form", { onsubmit: use },
            h("h2", { id: "token-title" }, isUnknown ? "Another token is needed" : "A token is needed"), h("p", {}, words),
            h("p", {}, h("label", { for: "token-field" }, "Token "), field),
            h("div", { class: "buttons" }, h("button", { class: "primary" }, "Use it"))));
    document.body.append(dialog);
    dialog.showModal();
}
