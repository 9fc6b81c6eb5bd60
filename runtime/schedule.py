"""Wakes the parts of a running Sayso; what is due is decided by the ledger, not here."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Job:
    """Something to do again and again."""

    name: str
    seconds: float
    work: Callable[[], Awaitable[None]]


class Schedule:
    """Runs jobs on the running event loop; one that is late runs once, and never beside itself."""

    def __init__(self, jobs: tuple[Job, ...]) -> None:
        # 70 ms to import, and the terminal does not need it
        from apscheduler.schedulers.asyncio import AsyncIOScheduler  # noqa: PLC0415

        self._scheduler: Any = AsyncIOScheduler(timezone="UTC")
        for job in jobs:
            self._scheduler.add_job(
                job.work,
                "interval",
                seconds=job.seconds,
                id=job.name,
                misfire_grace_time=None,
                coalesce=True,
                max_instances=1,
            )

    def start(self) -> None:
        """Begins; needs a running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stops waking; what runs is left to end."""
        self._scheduler.shutdown(wait=False)
