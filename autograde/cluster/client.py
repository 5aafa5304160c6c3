"""The process that talks to Dask for the grader: `python -m autograde.cluster.client`.

A Dask client unpickles messages of the scheduler and workers. So this process has neither the gradebook nor
the secret. It gets tasks as bytes over a socket and gives back bytes, one frame each:

    in    {"run": number, "most": bytes of a reply, "seconds": time limit}, the task
    out   {"ready": {"slots", "tier", "address"}}, or {"refused": why}
          {"reply": number, "worker": address}, the worker's bytes
          {"failed": number, "why": words}
          {"lost": why}, and the end

A task whose worker ended is retried with nothing else running, so that no other task gets the blame.
"""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from distributed import Client, KilledWorker, Security
from distributed.client import FutureCancelledError

from autograde.cluster import worker
from autograde.errors import AutogradeError
from autograde.sandbox.inside import frames

TRIES = 3  # workers that a task may end
WITHOUT_WORKERS = 60.0  # seconds
LOOK_SECONDS = 1.0
CHECK_IN_SECONDS = 180.0
MOST_REFUSALS = 20
SPARE_SECONDS = 30.0
SCHEDULER_GONE = "the scheduler does not answer any more"


class RefusedError(AutogradeError):
    """The cluster cannot be used; the message gives the reason."""


@dataclass(frozen=True)
class ClientSettings:
    """The requirements of the grader on the cluster at `url`."""

    url: str
    connect_seconds: float
    boxes: str
    least_tier: int
    limits: dict[str, Any]


class Slots:
    """Slots for so many tasks side by side; a task that runs alone takes them all."""

    def __init__(self, slots: int) -> None:
        self._slots, self._running = slots, 0
        self._change = asyncio.Condition()

    @asynccontextmanager
    async def take(self, alone: bool) -> AsyncIterator[None]:
        """Wait for a slot, or for all, and hold it while inside."""
        size = self._slots if alone else 1
        async with self._change:
            await self._change.wait_for(lambda: self._running + size <= self._slots)
            self._running += size
        try:
            yield
        finally:
            async with self._change:
                self._running -= size
                self._change.notify_all()


@dataclass(frozen=True)
class Dispatcher:
    """Tasks in, replies out, until the grader or the scheduler is gone."""

    client: Client
    settings: ClientSettings
    expected: dict[str, Any]
    slots: Slots

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Run each task that arrives.

        Raises:
            RefusedError: the cluster is lost.
            IncompleteReadError: the grader is gone.
        """
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch())
            while True:
                header = await reader.readexactly(frames.HEADER.size)
                text, raw = frames.lengths(header, 2**20, 2**31)
                order = frames.parse(await reader.readexactly(text))
                group.create_task(self._run(order, await reader.readexactly(raw), writer))

    async def _watch(self) -> None:
        missing = 0.0
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if self.client.status != "running":
                raise RefusedError(SCHEDULER_GONE)
            try:
                there = await asyncio.wait_for(self.client.scheduler.ncores(), SPARE_SECONDS)
            except (OSError, TimeoutError):
                raise RefusedError(SCHEDULER_GONE) from None
            missing = 0.0 if there else missing + LOOK_SECONDS
            if missing > WITHOUT_WORKERS:
                raise RefusedError(f"it has had no worker for {WITHOUT_WORKERS:.0f} seconds")

    async def _run(self, order: frames.Message, task: bytes, writer: asyncio.StreamWriter) -> None:
        try:
            where, reply = await self._reply(task, order["seconds"])
            if len(reply) > order["most"]:
                raise frames.OddFrameError(
                    f"the worker {where} answered with {len(reply)} bytes, {order['most']} are taken"
                )
            return writer.write(frames.pack({"reply": order["run"], "worker": where}, reply))
        except KilledWorker:
            why = f"{TRIES} workers ended while they ran it"
        except FutureCancelledError:
            await asyncio.sleep(SPARE_SECONDS)  # if the scheduler is gone `_watch` reports it first
            why = "its run was cancelled"
        except frames.OddFrameError as error:
            why = str(error)
        except TimeoutError:
            why = f"no reply in {order['seconds']:.0f} seconds"
        except Exception as error:
            why = f"{type(error).__name__}: {error}"[:2000]
        writer.write(frames.pack({"failed": order["run"], "why": why}))

    async def _reply(self, task: bytes, seconds: float) -> tuple[str, bytes]:
        """Run a task on a worker that neither ends nor differs; returns its address and the reply."""
        ended = refusals = 0
        while True:
            try:
                where, reply = await self._attempt(task, seconds, alone=ended > 0)
            except KilledWorker:
                ended += 1
                if ended == TRIES:
                    raise
                continue
            if reply is not None:
                return where, reply
            if refusals == MOST_REFUSALS:
                raise frames.OddFrameError(f"{MOST_REFUSALS} workers that joined late differ from the others")
            refusals += 1
            await self.client.retire_workers([where], close_workers=True)

    async def _attempt(self, task: bytes, seconds: float, alone: bool) -> tuple[str, bytes | None]:
        """Run a task once; returns the worker's address and the reply.

        Raises:
            TimeoutError: there is none, and to end its worker did not help.
        """
        async with self.slots.take(alone):
            future = self.client.submit(
                worker.reply_to, task, self.settings.boxes, self.expected, pure=False, retries=0
            )
            try:
                await asyncio.wait_for(future.exception(), seconds)
            except TimeoutError:
                await self.client.run_on_scheduler(drop_worker_of, key=future.key)
                await asyncio.wait_for(future.exception(), SPARE_SECONDS)
        match await asyncio.wait_for(future.result(), seconds):
            case (str(where), bytes() | None as reply):
                return where, reply
        raise frames.OddFrameError("a worker answered with something other than bytes")


def never_retry(dask_scheduler: Any) -> None:
    """Make the scheduler return a task whose worker ended instead of retrying it."""
    dask_scheduler.allowed_failures = 0


async def drop_worker_of(key: str, dask_scheduler: Any) -> None:
    """Make the scheduler end the worker that runs a task."""
    task = dask_scheduler.tasks.get(key)
    if task is not None and task.processing_on is not None:
        await dask_scheduler.remove_worker(
            task.processing_on.address, stimulus_id="autograde-too-long", close=True
        )


async def connected(settings: ClientSettings) -> Client:
    """A client of the scheduler; a context manager.

    Raises:
        RefusedError: it does not answer, or there are no certificates.
    """
    try:
        return await Client(
            settings.url,
            security=Security(require_encryption=True),
            timeout=settings.connect_seconds,
            set_as_default=False,
            asynchronous=True,
            direct_to_workers=False,  # they need not be reachable from here
        )
    except TypeError:
        raise RefusedError(
            "Dask's configuration names no certificates. docs/cluster.md says how to make them."
        ) from None
    except (OSError, ValueError) as error:
        raise RefusedError(f"no Dask scheduler answers at {settings.url}: {_reason(error)}") from None


def _reason(error: BaseException) -> str:
    """An error and its causes, in one line."""
    said = []
    cause: BaseException | None = error
    while cause is not None:
        said.append(" ".join(str(cause).split()))
        cause = cause.__cause__
    return "; ".join(dict.fromkeys(filter(None, said)))


async def check_workers(client: Client, settings: ClientSettings) -> dict[str, Any]:
    """The versions and the tier that all workers have.

    Raises:
        RefusedError: there are none, or one differs or offers too little.
    """
    try:
        await client.wait_for_workers(1, timeout=settings.connect_seconds)
    except TimeoutError:
        raise RefusedError("the scheduler has no workers: start some with `dask worker`") from None
    addresses = list(await client.scheduler.ncores())
    replies = await asyncio.gather(*(_check_in(client, settings, where) for where in addresses))
    here = {"versions": worker.versions(), "tier": replies[0]["tier"]}
    for where, one in zip(addresses, replies, strict=True):
        if one["tier"] < settings.least_tier:
            raise RefusedError(
                f"the worker {where} offers tier {one['tier']}, needed is {settings.least_tier} or "
                "more: install bubblewrap there (`autograde doctor` says what it lacks)"
            )
        if one != here:
            raise RefusedError(f"the worker {where} has {one}, expected {here}: give all machines the same")
    return here


async def _check_in(client: Client, settings: ClientSettings, where: str) -> dict[str, Any]:
    """One worker's versions and tier."""
    asking = client.run(worker.check_in, settings.boxes, settings.limits, workers=[where], on_error="return")
    try:
        reply = (await asyncio.wait_for(asking, CHECK_IN_SECONDS)).get(where, "it has ended")
    except TimeoutError:
        reply = f"it has not answered in {CHECK_IN_SECONDS:.0f} seconds"
    if not isinstance(reply, bytes) or len(reply) > 2**16:
        raise RefusedError(f"the worker {where} cannot grade: {reply!s:.300}")
    said, _ = worker.unpack(reply)
    if not isinstance(said.get("tier"), int):
        raise RefusedError(f"the worker {where} cannot grade: {said.get('error')}")
    return {"versions": said.get("versions"), "tier": said["tier"]}


async def main(settings: ClientSettings, connection: socket.socket) -> None:
    """Serve until the grader or the scheduler is gone."""
    reader, writer = await asyncio.open_connection(sock=connection)
    try:
        async with await connected(settings) as client:
            expected = await check_workers(client, settings)
            await client.run_on_scheduler(never_retry)
            slots = sum((await client.scheduler.ncores()).values())
            ready = {"slots": slots, "tier": expected["tier"], "address": client.scheduler.address}
            writer.write(frames.pack({"ready": ready}))
            try:
                await Dispatcher(client, settings, expected, Slots(slots)).serve(reader, writer)
            except* RefusedError as lost:
                writer.write(frames.pack({"lost": str(lost.exceptions[0])}))
                await writer.drain()
                os._exit(1)  # a client without its scheduler takes long to close
            except* asyncio.IncompleteReadError:
                pass
    except RefusedError as error:
        writer.write(frames.pack({"refused": str(error)}))
        await writer.drain()


if __name__ == "__main__":
    asyncio.run(main(ClientSettings(**json.loads(sys.argv[1])), socket.socket(fileno=int(sys.argv[2]))))
