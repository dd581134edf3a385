"""The same work on a Dask cluster: one that runs already, or one that is started on this machine.

Reports go there as bytes and their files come back as bytes; the workers need no common disk. Each worker
does a report in a process of its own, as one machine does, so a report that hangs or crashes costs only
itself. What a lost worker had in hand, Dask gives to another one. distributed is loaded only here.
"""

import pickle
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from reportgen.batch.processes import kept
from reportgen.batch.work import Work, state_of, worked
from reportgen.itself import getting
from reportgen.makers import maker_for
from reportgen.problems import ToolFailed, ToolMissing

if TYPE_CHECKING:
    from distributed import Client

LOCAL = "local"
"""The address that stands for a cluster of this machine."""

_CONNECT = 20.0
"""Seconds to find the scheduler and a first worker."""

_RETRIES = 3
"""Times that a report is given out anew whose worker was lost."""

Versions = tuple[tuple[str, str], ...]


class Cluster(NamedTuple):
    """A cluster that may be worked on: its executor, and how many reports it works on at a time."""

    executor: Executor
    size: int


@contextmanager
def cluster(address: str, work: Work, count: int) -> Iterator[Cluster]:
    """Connect to a cluster whose workers have the versions that this machine has.

    Args:
        address: of its scheduler, ``tcp://host:8786`` or ``tls://…``; ``local`` starts one here.
        work: what shall be done there.
        count: of the workers of a local one.

    Raises:
        ToolMissing: distributed is not installed, or a worker has other versions.
        ToolFailed: there is no scheduler at the address, or it has no workers.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise ToolMissing(f"这里没有装 Dask，不能用 --cluster。{getting('distributed')}") from error
    if address == LOCAL:
        with (
            LocalCluster(
                n_workers=count,
                threads_per_worker=1,
                dashboard_address=None,
                host="127.0.0.1",
                silence_logs=50,
            ) as local,
            Client(local) as client,
        ):
            yield _checked(client, work)
        return
    try:
        client = Client(address, timeout=_CONNECT)
    except (OSError, ValueError, TimeoutError) as error:
        raise ToolFailed(
            f"连不上 Dask 的调度节点 {address}。请核对地址，看 dask scheduler 是否在运行、端口是否放行。"
        ) from error
    with client:
        yield _checked(client, work)


def _checked(client: "Client", work: Work) -> Cluster:
    try:
        client.wait_for_workers(1, timeout=_CONNECT)
    except TimeoutError as error:
        raise ToolFailed("Dask 集群里没有计算节点。请先在各台机器上运行 dask worker。") from error
    others = client.run(versions, work, on_error="return")
    _ensure_same(versions(work), others)
    threads = sum(client.nthreads().values())
    return Cluster(client.get_executor(pure=False, retries=_RETRIES), threads)


def versions(work: Work) -> Versions:
    """Programs and fonts that have a part in the work, on the machine where this is called; readies it."""
    told = list(state_of("", work.supplies.makers))
    for kind in work.wanted:
        maker = maker_for(kind, work.supplies.makers)
        if maker:
            maker.prepare(lambda _: None)
            told.append((f"{maker.name} 缺少的", maker.missing()))
        told += state_of(kind, work.supplies.makers)
    return tuple(dict.fromkeys(told))


def _ensure_same(ours: Versions, others: Mapping[str, Any]) -> None:
    """See that every worker would make the same files as this machine.

    Raises:
        ToolMissing: one would not, each named with what differs.
    """
    lines = [
        f"\n  {name}：{differing(ours, theirs)}" for name, theirs in sorted(others.items()) if theirs != ours
    ]
    if lines:
        raise ToolMissing(
            f"这些计算节点与本机不一样，做出的文件会不同，没有开始：{''.join(lines)}\n"
            f"请在这些机器上装上与本机相同的版本和字体，再运行。"
        )


def differing(ours: Versions, theirs: Any) -> str:
    """What a worker has otherwise, as a clerk reads it."""
    if not isinstance(theirs, tuple):
        return f"没有能用的 reportgen（{theirs}）"
    mine, other = dict(ours), dict(theirs)
    names = [name for name in dict.fromkeys([*mine, *other]) if mine.get(name) != other.get(name)]
    return "；".join(
        f"{name} 是 {other.get(name) or '没有'}，本机是 {mine.get(name) or '没有'}" for name in names
    )


def worked_there(work: bytes, job: bytes, ours: Versions, seconds: float) -> bytes:
    """The same as ``worked``, on a worker: in a process of its own, if the worker has our versions.

    Raises:
        ToolMissing: it has others.
        ToolFailed: the report's process ended or hung, twice.
    """
    if _versions_here(work) != ours:
        raise ToolMissing(f"计算节点与本机不一样：{differing(ours, _versions_here(work))}")
    came: bytes = kept(seconds).submit(worked, work, job).result()
    return came


_known: dict[bytes, Versions] = {}


def _versions_here(work: bytes) -> Versions:
    if work not in _known:
        _known.clear()
        _known[work] = versions(pickle.loads(work))
    return _known[work]
