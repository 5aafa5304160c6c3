"""The process that speaks with Dask, for a grader that does not: `python -m autograde.cluster.client`.

Whoever uses a Dask client unpickles what scheduler and workers say. So this process has neither the gradebook
nor the secret. It is given tasks as bytes over a socket and gives back bytes, one frame each:

    in    {"files": digest}, the assignment's files, once
          {"run": number, "most": bytes of an answer, "seconds": of patience, "needs": files}, the task
    out   {"ready": {"places", "tier", "address", "dashboard"}}, or {"refused": why}
          {"answer": number, "worker": where}, the worker's bytes          {"failed": number, "why": words}
                                                  and "workers_ended": true, where they did
          {"lost": why}, and the end

A task whose worker ended while it ran is tried again alone, so that no other is taken for the cause.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import dask
from distributed import Client, Future, KilledWorker, LocalCluster, Security
from distributed.client import FutureCancelledError

from autograde.cluster import worker
from autograde.errors import SaidError
from autograde.sandbox.inside import frames
from autograde.sandbox.inside.frames import OddFrameError
from descentlab.sentences import say, template

TRIES = 3  # workers that a task may meet and end
WITHOUT_WORKERS = 60.0  # seconds
LOOK_SECONDS = 1.0
CHECK_IN_SECONDS = 180.0
MOST_REFUSALS = 20
SPARE_SECONDS = 30.0
CANNOT_GRADE = template("the worker {where} cannot grade: {reason}")
SCHEDULER_GONE = template("the scheduler does not answer any more")


# Dask's pages need no certificate: whoever reaches them would read what runs. What workers measure a hundred
# times a second only such a page would show.
NO_PAGES = {
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.profile.enabled": False,
}


class RefusedError(SaidError):
    """The cluster cannot be used; the text says why."""


@dataclass(frozen=True)
class Settings:
    """What the grader asks of the cluster: `workers` here or, where that is 0, the scheduler at `url`."""

    workers: int
    url: str
    connect_seconds: float
    boxes: str
    least_tier: int
    limits: dict[str, Any]


class Slots:
    """Slots for `places` tasks side by side; a task that is to be alone takes them all."""

    def __init__(self, places: int) -> None:
        self._places, self._running = places, 0
        self._change = asyncio.Condition()

    @asynccontextmanager
    async def take(self, alone: bool) -> AsyncIterator[None]:
        """Wait for a slot, or for all, and hold it while inside."""
        size = self._places if alone else 1
        async with self._change:
            await self._change.wait_for(lambda: self._running + size <= self._places)
            self._running += size
        try:
            yield
        finally:
            async with self._change:
                self._running -= size
                self._change.notify_all()


class Dispatcher:
    """Orders in, answers out, until the grader or the scheduler is gone."""

    def __init__(self, client: Client, settings: Settings, expected: dict[str, Any], places: int) -> None:
        self._client, self._settings, self._expected = client, settings, expected
        self._slots = Slots(places)
        self._files: dict[str, bytes] = {}  # by digest

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Run what is ordered.

        Raises:
            RefusedError: the cluster is lost.
        """
        async with asyncio.TaskGroup() as group:
            watch = group.create_task(self._watch())
            try:
                while True:
                    order, task = await read_frame(reader)
                    if "files" in order:
                        self._files[order["files"]] = task
                        continue
                    group.create_task(self._run(order, task, writer))
            except asyncio.IncompleteReadError:  # the grader has gone
                watch.cancel()
                raise EndedError from None

    async def _watch(self) -> None:
        missing = 0.0
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if self._client.status != "running":
                raise RefusedError.say(SCHEDULER_GONE)
            try:
                there = await asyncio.wait_for(self._client.scheduler.ncores(), SPARE_SECONDS)
            except (OSError, TimeoutError):
                raise RefusedError.say(SCHEDULER_GONE) from None
            missing = 0.0 if there else missing + LOOK_SECONDS
            if missing > WITHOUT_WORKERS:
                raise RefusedError.say(
                    "it has had no worker for {seconds:.0f} seconds", seconds=WITHOUT_WORKERS
                )

    async def _run(self, order: dict[str, Any], task: bytes, writer: asyncio.StreamWriter) -> None:
        number, ended, refusals = order["run"], 0, Counter()
        while True:
            try:
                where, answer = await self._attempt(task, order["seconds"], alone=ended > 0)
            except KilledWorker:
                ended += 1
                answer = None
            except FutureCancelledError:
                await asyncio.sleep(SPARE_SECONDS)  # where the scheduler is gone `_watch` says so first
                return send(writer, {"failed": number, "why": say("its run was cancelled")})
            except Exception as error:
                return send(writer, {"failed": number, "why": f"{type(error).__name__}: {error}"[:2000]})
            if answer is None:
                if ended == TRIES:
                    why = say("{count} workers ended while they ran it", count=TRIES)
                    return send(writer, {"failed": number, "why": why, "workers_ended": True})
            elif says(answer, worker.WITHOUT_FILES) and refusals.total() < MOST_REFUSALS:
                refusals[where] += 1
                files = self._files[order["needs"]]
                await self._client.run(
                    worker.keep_files, order["needs"], files, workers=[where], on_error="return"
                )
            elif says(answer, worker.REFUSED) and refusals.total() < MOST_REFUSALS:
                refusals[where] += 1
                await self._client.retire_workers([where], close_workers=True)
            elif len(answer) > order["most"]:
                why = say(
                    "the worker {where} answered with {count} bytes, {most} are taken",
                    where=where,
                    count=len(answer),
                    most=order["most"],
                )
                return send(writer, {"failed": number, "why": why})
            else:
                return send(writer, {"answer": number, "worker": where}, answer)

    async def _attempt(self, task: bytes, seconds: float, alone: bool) -> tuple[str, bytes]:
        """Where a task ran, and the answer: fetched once the place there is free for the next one."""
        try:
            async with self._slots.take(alone):
                future = self._client.submit(
                    worker.answer, task, self._settings.boxes, self._expected, pure=False, retries=0
                )
                await self._await_end(future, seconds)
            answered = await asyncio.wait_for(future.result(), seconds)
        except TimeoutError:
            raise TimeoutError(say("no answer in {seconds:.0f} seconds", seconds=seconds)) from None
        whole = isinstance(answered, tuple) and len(answered) == 2
        where, answer = answered if whole else ("", None)
        if not isinstance(where, str) or not isinstance(answer, bytes):
            raise OddFrameError("a worker answered with something else than bytes")
        return where, answer

    async def _await_end(self, future: Future, seconds: float) -> None:
        """Wait until a task has come to an end, whichever; where it does not in time, its worker is ended.

        Raises:
            TimeoutError: that did not help.
        """
        try:
            await asyncio.wait_for(future.exception(), seconds)
        except TimeoutError:
            await self._client.run_on_scheduler(drop_worker_of, key=future.key)
            await asyncio.wait_for(future.exception(), SPARE_SECONDS)


class EndedError(Exception):
    """The grader closed its end."""


def says(answer: bytes, beginning: str) -> bool:
    """Whether a worker's answer is one of those that begin so: it differs, or lacks the files.

    Looked for where its own words stand: an answer's first bytes may be what a submission has printed.
    """
    words = worker.pack_error(beginning)[frames.HEADER.size : -2]
    return answer.startswith(words, frames.HEADER.size)  # a slice would copy megabytes


def never_retry(dask_scheduler: Any) -> None:
    """On the scheduler: a task whose worker ended comes back here instead of meeting the next one."""
    dask_scheduler.allowed_failures = 0


async def drop_worker_of(key: str, dask_scheduler: Any) -> None:
    """On the scheduler: end the worker that does not come to an end with a task."""
    task = dask_scheduler.tasks.get(key)
    if task is not None and task.processing_on is not None:
        address = task.processing_on.address
        await dask_scheduler.remove_worker(address, stimulus_id="autograde-too-long", close=True)


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Client]:
    """A client of the scheduler, which is started here where the settings say so.

    Raises:
        RefusedError: there is none, or it does not answer.
    """
    async with AsyncExitStack() as stack:
        if settings.workers:
            security = Security.temporary()
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="autograde-cluster-"))
            cluster = await stack.enter_async_context(_workers_here(settings.workers, security, folder))
            address = cluster.scheduler_address
        else:
            security, address = Security(require_encryption=True), settings.url
        try:
            client = await stack.enter_async_context(
                Client(
                    address,
                    security=security,
                    timeout=settings.connect_seconds,
                    set_as_default=False,
                    asynchronous=True,
                    direct_to_workers=settings.workers > 0,  # elsewhere they need not be reached from here
                )
            )
        except TypeError:
            raise RefusedError.say(
                "Dask's configuration names no certificates. docs/cluster.md says how to make them."
            ) from None
        except (OSError, ValueError) as error:
            raise RefusedError.say(
                "no Dask scheduler answers at {address}: {reason}", address=address, reason=_reason(error)
            ) from None
        yield client


def _workers_here(workers: int, security: Security, folder: str) -> LocalCluster:
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        host="127.0.0.1",
        protocol="tls://",
        security=security,
        dashboard_address="127.0.0.1:0",
        worker_dashboard_address="127.0.0.1:0",
        scheduler_kwargs={"dashboard": False},
        dashboard=False,
        memory_limit=0,
        local_directory=folder,  # Dask's own is one for all users of this machine
        asynchronous=True,
    )


def _reason(error: BaseException) -> str:
    """An error and what it came from, in one line."""
    said = []
    cause: BaseException | None = error
    while cause is not None:
        said.append(" ".join(str(cause).split()))
        cause = cause.__cause__
    return "; ".join(dict.fromkeys(filter(None, said)))


async def check_workers(client: Client, settings: Settings) -> dict[str, Any]:
    """What all workers are.

    Raises:
        RefusedError: there are none, or one differs or offers too little.
    """
    try:
        await client.wait_for_workers(1, timeout=settings.connect_seconds)
    except TimeoutError:
        raise RefusedError.say(
            "the scheduler has no workers: start some with `autograde cluster join`"
        ) from None
    places = list(await client.scheduler.ncores())
    answers = await asyncio.gather(*(_check_in(client, settings, where) for where in places))
    checked = {where: one for where, one in zip(places, answers, strict=True) if one}
    if not checked:
        raise RefusedError.say("the scheduler's workers ended")
    for where, one in checked.items():
        if one["tier"] < settings.least_tier:
            raise RefusedError.say(
                "the worker {where} offers tier {tier}, asked for is {least} or more: install bubblewrap "
                "there (`autograde doctor` says what it lacks)",
                where=where,
                tier=one["tier"],
                least=settings.least_tier,
            )
    usual, _ = Counter(json.dumps(one, sort_keys=True) for one in checked.values()).most_common(1)[0]
    here = {"versions": worker.versions(), "tier": json.loads(usual)["tier"]}
    for where, one in checked.items():
        if one != here:
            raise RefusedError.say(
                "the worker {where} has {actual}, expected {expected}: give all machines the same",
                where=where,
                actual=one,
                expected=here,
            )
    return here


async def _check_in(client: Client, settings: Settings, where: str) -> dict[str, Any] | None:
    """What one worker is; None where it has ended meanwhile."""
    asking = client.run(worker.check_in, settings.boxes, settings.limits, workers=[where], on_error="return")
    try:
        answers = await asyncio.wait_for(asking, CHECK_IN_SECONDS)
    except TimeoutError:
        reason = say("it has not answered in {seconds:.0f} seconds", seconds=CHECK_IN_SECONDS)
        raise RefusedError.say(CANNOT_GRADE, where=where, reason=reason) from None
    return _checked_in(where, answers[where]) if where in answers else None


def _checked_in(where: str, answer: Any) -> dict[str, Any]:
    if not isinstance(answer, bytes) or len(answer) > 2**16:
        raise RefusedError.say(CANNOT_GRADE, where=where, reason=f"{answer!r:.300}")
    text, _ = frames.lengths(answer[: frames.HEADER.size], 2**16, 0)
    said = frames.parse(answer[frames.HEADER.size : frames.HEADER.size + text])
    if "error" in said:
        raise RefusedError.say(CANNOT_GRADE, where=where, reason=said["error"])
    return {"versions": said.get("versions"), "tier": said.get("tier")}


async def dashboard_port(client: Client) -> int:
    """Where the scheduler's machine shows Dask's pages; 0 where it does not."""
    identity = await client.scheduler.identity()
    return int(identity["services"].get("dashboard", 0))


async def read_frame(reader: asyncio.StreamReader) -> tuple[dict[str, Any], bytes]:
    """One frame of the grader's."""
    text, raw = frames.lengths(await reader.readexactly(frames.HEADER.size), 2**20, 2**31)
    return frames.parse(await reader.readexactly(text)), await reader.readexactly(raw)


def send(writer: asyncio.StreamWriter, message: dict[str, Any], raw: bytes = b"") -> None:
    """One frame for the grader."""
    writer.write(frames.pack(message, raw))


async def main(settings: Settings, connection: socket.socket) -> None:
    """Serve until one of both ends is gone."""
    reader, writer = await asyncio.open_connection(sock=connection)
    try:
        async with connected(settings) as client:
            expected = await check_workers(client, settings)
            await client.run_on_scheduler(never_retry)
            places = sum((await client.scheduler.ncores()).values())
            ready = {
                "places": places,
                "tier": expected["tier"],
                "address": client.scheduler.address,
                "dashboard": await dashboard_port(client),
            }
            send(writer, {"ready": ready})
            try:
                await Dispatcher(client, settings, expected, places).serve(reader, writer)
            except* RefusedError as lost:
                send(writer, {"lost": str(lost.exceptions[0])})
                await writer.drain()
                os._exit(1)  # a client without its scheduler takes long to close
            except* EndedError:
                pass
    except RefusedError as error:
        send(writer, {"refused": str(error)})
        await writer.drain()


if __name__ == "__main__":
    dask.config.set(NO_PAGES)
    asyncio.run(main(Settings(**json.loads(sys.argv[1])), socket.socket(fileno=int(sys.argv[2]))))
