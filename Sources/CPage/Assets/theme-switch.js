// Light, dark, or as the system has it.

const words = ["system", "light", "dark"];

/** Makes a button the switch; `onChange` is called whenever colours have changed. */
export function followTheme(button, onChange) {
    const root = document.documentElement;
    const show = () => (button.textContent = `Theme: ${root.dataset.theme ?? "system"}`);
    button.addEventListener("click", () => {
        const next = words[(words.indexOf(root.dataset.theme ?? "system") + 1) % words.length];
        if (next === "system") delete root.dataset.theme;
        else root.dataset.theme = next;
        try {
            if (next === "system") localStorage.removeItem("tpud-theme");
            else localStorage.setItem("tpud-theme", next);
        } catch {
            // A browser that keeps nothing follows the system next time.
        }
        show();
        onChange();
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", onChange);
    show();
}
