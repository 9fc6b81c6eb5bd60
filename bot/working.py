"""Long work apart from the conversation: in one thread, one piece after the other."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
# one thread: pictures are drawn by a library that is not made for several
_worker = ThreadPoolExecutor(1, thread_name_prefix="study")


async def apart(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """What `work` gives; backtests, sweeps and pictures of several people wait for each other here and nowhere else."""
    done = partial(copy_context().run, partial(work, *args, **kwargs))
    return await asyncio.get_running_loop().run_in_executor(_worker, done)
