// Elements without a framework. Text is always text: nothing here reads HTML.

/** Makes an element: `h("a", {href: "#/", class: "row"}, "text", child)`. `on…` are listeners; null and false are left out. */
export function h(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value === null || value === undefined || value === false) continue;
        if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
        else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    return element;
}

/** Sets an element's text, and touches nothing where it is the same: a selection inside survives. */
export function setText(element, text) {
    const value = String(text);
    if (element.textContent !== value) element.textContent = value;
}

/** Sets an attribute, or takes it away for null and false. */
export function setAttribute(element, name, value) {
    if (value === null || value === undefined || value === false) {
        if (element.hasAttribute(name)) element.removeAttribute(name);
    } else if (element.getAttribute(name) !== String(value)) {
        element.setAttribute(name, value === true ? "" : String(value));
    }
}

/**
 * Makes the children of `parent` those of `items`, in order: elements that were made for a key stay, so that focus and
 * selection do. `make(item)` gives an element, `fill(element, item)` writes into it.
 */
export function keyed(parent, items, key, make, fill) {
    const old = new Map();
    for (const child of parent.children) if (child.dataset.key !== undefined) old.set(child.dataset.key, child);
    let next = parent.firstElementChild;
    for (const item of items) {
        const name = String(key(item));
        let element = old.get(name);
        if (element) old.delete(name);
        else {
            element = make(item);
            element.dataset.key = name;
        }
        fill?.(element, item);
        if (element === next) next = next.nextElementSibling;
        else parent.insertBefore(element, next);
    }
    for (const element of old.values()) element.remove();
}
