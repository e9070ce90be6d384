"""Batches on all cores: processes of our own, each with the editions open, fed with tasks through pipes."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import selectors
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from yudi.core.errors import UnavailableError, YudiError
from yudi.engines.jobs import Bench, Job, Receipt, Task
from yudi.engines.sources import Source

__all__ = ["receipts_here", "receipts_of_workers", "work"]

_CHILD = "import json, sys; sys.path[:] = json.loads(sys.argv[1]);from yudi.engines.workers import work; work()"


def receipts_here(job: Job, tasks: Iterable[Task], sources: Mapping[int, Source]) -> Iterator[Receipt]:
    """Yield the receipts of tasks, done one after the other in this process, which has the files open."""
    bench = Bench(job, dict(sources))
    for task in tasks:
        yield bench.perform(task)


def receipts_of_workers(job: Job, tasks: Iterable[Task], workers: int) -> Iterator[Receipt]:
    """Yield the receipts of tasks as workers hand them in, in any order; each has one batch at a time.

    A worker ends with its input, and so with this process, however that ends.

    Raises
    ------
    YudiError
        That a worker met.
    UnavailableError
        Where a worker was ended from outside.
    """
    waiting = iter(tasks)
    with contextlib.ExitStack() as stack:
        ready = stack.enter_context(selectors.DefaultSelector())
        for _ in range(workers):
            task = next(waiting, None)
            if task is None:
                break
            worker = _Worker(job)
            stack.callback(worker.end)
            ready.register(worker.answers, selectors.EVENT_READ, worker)
            worker.give(task)
        while ready.get_map():
            for key, _ in ready.select():
                worker = key.data
                receipt = worker.take()
                task = next(waiting, None)
                if task is None:
                    ready.unregister(worker.answers)
                else:
                    worker.give(task)
                yield receipt


class _Worker:
    """A process that screens batches."""

    def __init__(self, job: Job) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _CHILD, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the parent, which then ends its workers
        )
        assert self._process.stdin is not None, "asked for as a pipe"
        assert self._process.stdout is not None, "asked for as a pipe"
        self._tasks, self.answers = self._process.stdin, self._process.stdout
        self.give(job)

    def give(self, item: Job | Task) -> None:
        with contextlib.suppress(BrokenPipeError):  # it shows when the answer is taken
            pickle.dump(item, self._tasks, protocol=pickle.HIGHEST_PROTOCOL)
            self._tasks.flush()

    def take(self) -> Receipt:
        try:
            answer = pickle.load(self.answers)
        except (EOFError, pickle.UnpicklingError) as error:
            code = self._process.wait()
            how = f"by signal {signal.Signals(-code).name}" if code < 0 else f"with status {code}"
            hint = "give the same command again, with --workers 1 or fewer --batch-rows if memory was short"
            raise UnavailableError(f"a worker ended {how} before its batch was done", hint=hint) from error
        if isinstance(answer, BaseException):
            raise answer
        assert isinstance(answer, Receipt)
        return answer

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(BrokenPipeError):
            self._tasks.close()
        self.answers.close()


def work() -> None:
    """Screen the batches that come on standard input, and answer on standard output: what a worker does.

    The parent sends the job and then its tasks, pickled, and gets receipts; an error of ours ends the worker.
    """
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print goes where complaints go
    tasks = sys.stdin.buffer
    bench = Bench(pickle.load(tasks))
    while (task := _next(tasks)) is not None:
        answer: Receipt | YudiError
        try:
            answer = bench.perform(task)
        except YudiError as error:
            answer = error
        except OSError as error:
            answer = YudiError(f"a worker could not write: {error.strerror}")
        pickle.dump(answer, answers, protocol=pickle.HIGHEST_PROTOCOL)
        answers.flush()


def _next(tasks: Any) -> Task | None:
    try:
        found = pickle.load(tasks)
    except EOFError:
        return None
    assert isinstance(found, Task)
    return found
