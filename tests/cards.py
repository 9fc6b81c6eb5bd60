"""Every card as a person sees it on a phone: `python -m tests.cards FOLDER [CARD...]` writes PNGs, 360 pixels wide.

The cards are the named steps of the golden transcripts. The messages are real: the product is driven over Telegram's Bot
API, and what it sent is drawn by headless Chromium.
"""

import asyncio
import base64
import html
import shutil
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops

from tests.transcripts import FOLDER, Message, Step, blank_ledger, played, read

WIDTH, TALLEST, SCALE = 360, 6_000, 2
OPENING = """
<!doctype html><meta charset="utf-8"><style>
body {margin: 0; width: 360px; background: #d5e4d0; font: 16px/1.3 Roboto, "Noto Sans", "DejaVu Sans", sans-serif}
.bubble {box-sizing: border-box; width: 312px; margin: 8px 8px 0; padding: 7px 10px; background: #fff;
  border-radius: 12px; white-space: pre-wrap; overflow-wrap: anywhere}
.bubble img {display: block; width: 312px; margin: -7px -10px 6px; border-radius: 12px 12px 0 0}
.said {margin-left: 64px; width: 288px; background: #effdde}
pre, code {font: 13px/1.25 "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0}
.note {margin: 8px 24px 0; font-size: 13px; color: #345; white-space: pre-wrap}
.reply {border-left: 3px solid #4a9; padding-left: 6px; margin-bottom: 4px; font-size: 13px; color: #456}
.row {display: flex; gap: 4px; margin: 4px 8px 0; width: 312px}
.row span {flex: 1; padding: 8px 2px; text-align: center; background: #8fae88; color: #fff; border-radius: 8px;
  font-size: 14px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis}
</style>
"""


def markup(card: Step) -> str:
    """A card as a page."""
    said = "" if card.verb in ("until", "clock") else card.words.replace("\\n", "\n")
    parts = [f'<div class="bubble said">{html.escape(said)}</div>'] if said else []
    parts += [_bubble(each) for each in card.shown]
    parts += [f'<div class="note">{html.escape(each)}</div>' for each in card.notes]
    return OPENING + "".join(parts)


def _bubble(message: Message) -> str:
    inner = f'<div class="reply">{html.escape(message.answers)}</div>' if message.answers else ""
    if message.picture:
        inner += f'<img src="data:image/png;base64,{base64.b64encode(message.picture).decode()}">'
    inner += "📄 a file\n" if message.document else ""
    rows = ("".join(f"<span>{html.escape(label)}</span>" for label in row) for row in message.buttons)
    return f'<div class="bubble">{inner}{message.html}</div>' + "".join(f'<div class="row">{row}</div>' for row in rows)


def picture(browser: str, card: Step, path: Path) -> None:
    """Draws a card; RuntimeError where the browser draws nothing."""
    with tempfile.TemporaryDirectory() as folder:
        page, shot = Path(folder) / "card.html", Path(folder) / "card.png"
        page.write_text(markup(card), "utf-8")
        options = [
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--hide-scrollbars", f"--force-device-scale-factor={SCALE}",
            f"--user-data-dir={folder}/profile", f"--window-size={WIDTH},{TALLEST}", f"--screenshot={shot}",
        ]  # fmt: skip
        subprocess.run([browser, *options, page.as_uri()], capture_output=True, timeout=60, check=False)
        if not shot.is_file():
            raise RuntimeError(f"the browser drew no picture of {card.card}")
        with Image.open(BytesIO(shot.read_bytes())) as whole:
            shown = whole.convert("RGB").crop((0, 0, WIDTH * SCALE, TALLEST * SCALE))
            empty = Image.new("RGB", shown.size, shown.getpixel((0, shown.height - 1)))
            box = ImageChops.difference(shown, empty).getbbox()
            shown.crop((0, 0, WIDTH * SCALE, (box[3] if box else 0) + 8 * SCALE)).save(path)


def main() -> int:
    """Draws all cards, or those that are named behind the folder."""
    if len(sys.argv) < 2:
        print("usage: python -m tests.cards FOLDER [CARD...]")
        return 2
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        print("no Chromium on this machine (apt install chromium): no pictures were drawn")
        return 1
    target, wanted = Path(sys.argv[1]), set(sys.argv[2:])
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        blank = blank_ledger(Path(folder))
        for path in sorted(FOLDER.glob("*.txt")):
            script = read(path)
            names = {each.card for each in script.steps if each.card}
            if not names or (wanted and not wanted & names):
                continue
            for step in asyncio.run(played(script, blank)).steps:
                if step.card and (not wanted or step.card in wanted):
                    picture(browser, step, target / f"{step.card}.png")
                    print(target / f"{step.card}.png", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
