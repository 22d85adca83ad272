"""The bars of docs/bench.svg: what part of the machine's limit each trainer reaches on each model. SVG by hand; its colours
are readable on light and on dark."""
from xml.sax.saxutils import escape

COLOURS = {"tpud": "#2f81f7", "PyTorch": "#e36209", "PyTorch, compiled": "#bf8700", "JAX": "#8250df"}
LEFT, RIGHT, BAR, GAP, TOP = 170, 50, 14, 18, 64
WIDTH = 800
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-size: 15px; font-weight: 600 }
  .small { font-size: 11px }
  .limit { stroke: #57606a; stroke-dasharray: 4 3 }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .limit { stroke: #8b949e } }
"""


def text(x, y, content, kind="", anchor="start"):
    return f'<text x="{x:.0f}" y="{y:.0f}" class="{kind}" text-anchor="{anchor}">{escape(content)}</text>'


def drawing(models):
    """The picture of [(model, {trainer: part of the limit}, what is said below its name)]."""
    most = max(1.0, *(part for _, parts, _ in models for part in parts.values()))
    scale = (WIDTH - LEFT - RIGHT) / most
    lines, y = [], TOP
    for model, parts, word in models:
        middle = y + len(parts) * BAR / 2 + 5
        lines += [text(LEFT - 10, middle - 7, model, anchor="end"), text(LEFT - 10, middle + 8, word, "small", "end")]
        for trainer, part in parts.items():
            lines.append(f'<rect x="{LEFT}" y="{y}" width="{part * scale:.1f}" height="{BAR - 2}" '
                         f'fill="{COLOURS[trainer]}"><title>{escape(trainer)}: {part:.2f}</title></rect>')
            lines.append(text(LEFT + part * scale + 5, y + BAR - 4, f"{part:.2f}", "small"))
            y += BAR
        y += GAP
    x = LEFT + scale
    lines += [f'<line x1="{x:.1f}" y1="{TOP - 6}" x2="{x:.1f}" y2="{y - GAP + 4}" class="limit"/>',
              text(x, TOP - 12, "the limit", "small", "middle")]
    place = LEFT
    for trainer, colour in COLOURS.items():
        lines.append(f'<rect x="{place}" y="{y}" width="11" height="11" fill="{colour}"/>')
        lines.append(text(place + 16, y + 10, trainer, "small"))
        place += 40 + 7 * len(trainer)
    title = "Training in float32: part of what large matrix products reach on this machine"
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 24}" role="img" aria-label="{title}">\n'
            f"<style>{STYLE}</style>\n{text(10, 24, title, 'title')}\n" + "\n".join(lines) + "\n</svg>\n")
