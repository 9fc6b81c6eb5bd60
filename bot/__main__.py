"""The composition root: the only place that knows every part."""

from bot.cli.entry import main

if __name__ == "__main__":
    raise SystemExit(main())
