// Before the first paint: the theme that was chosen here last. A classic script, since modules run after it.
(() => {
    try {
        const chosen = localStorage.getItem("tpud-theme");
        if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
    } catch {
        // A browser that keeps nothing follows the system.
    }
})();
