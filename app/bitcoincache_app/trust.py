"""Keeps a replica's idea of which Redis is to be believed, and for how long."""

from __future__ import annotations

import asyncio
import logging
import secrets
from typing import Final, Protocol

from bitcoincache_app.epochs import AWAY, PERMIT, Action, Beats, Epoch, View, decide
from bitcoincache_app.errors import CacheUnavailableError, RedisRefusedError, StoreUnavailableError
from bitcoincache_app.ports import Clock, Judge, Ruling

PERIOD: Final = 0.5
"""Seconds between renewals: a permit outlives many that fail."""

_REFUSED_PAUSE: Final = 2.0
"""Seconds for which a Redis that can't be adopted counts as none."""

_log = logging.getLogger(__name__)


class Reach(Protocol):
    """The Redis that this replica is connected to. Its methods raise CacheUnavailableError."""

    @property
    def process(self) -> str | None: ...

    async def has_stamp(self, stamp: str) -> bool: ...

    async def empty(self, process: str, stamp: str) -> None:
        """Empty it, if it is this process, and leave the stamp, in one step."""


class Trust:
    """``epoch`` is the one to write under, as of the last renewal; None before the first."""

    def __init__(self, judge: Judge, clock: Clock) -> None:
        self._judge = judge
        self._clock = clock
        self._woken = asyncio.Event()
        self._beats = Beats()
        self._reach: Reach | None = None
        self._permit_until = 0.0
        self._known_since = 0.0
        self._away_since: float | None = None
        self._refused_until = 0.0
        self._refusing = False
        self.epoch: Epoch | None = None

    def permits(self, asked_in: Epoch) -> bool:
        """Whether what the trusted process was asked in this epoch, and has just answered, may be served.

        A permit of a later epoch won't do, even if that trusts the same process: it was emptied in between, and had
        perhaps answered before.
        """
        return self.epoch is asked_in and self._clock.boottime() < self._permit_until

    @property
    def serves_hits(self) -> bool:
        """Whether hits are served here now."""
        epoch = self.epoch
        if epoch is None or self._reach is None or self._reach.process != epoch.process:
            return False
        return self.permits(epoch)

    @property
    def is_isolated(self) -> bool:
        """Whether other replicas use a Redis that this one can't reach."""
        if self.epoch is None or self.epoch.process is None or self._reach is None:
            return False
        return self._reach.process != self.epoch.process and self._away >= AWAY

    @property
    def _away(self) -> float:
        """Seconds since a look first missed the trusted Redis, which was there at every look before that."""
        return 0.0 if self._away_since is None else self._clock.boottime() - self._away_since

    def wake(self) -> None:
        """Something has changed, or an epoch is no longer what it was: look now."""
        self._woken.set()

    def distrust(self) -> None:
        """The trusted Redis refuses what it must do: it has to be emptied, or done without."""
        self._refusing = True
        self.wake()

    async def keep(self, reach: Reach) -> None:
        """Renews, and takes each step that is due, until it is cancelled."""
        self._reach = reach
        while True:
            self._woken.clear()
            if not await self._took_step(reach):
                await self._pause()

    async def leave(self) -> None:
        """Hands the permit in: nobody has to wait for this replica any more."""
        self._permit_until = 0.0
        try:
            await self._judge.hand_in()
        except StoreUnavailableError:
            _log.info("the permit could not be handed in; it runs out")

    async def _pause(self) -> None:
        waking = asyncio.ensure_future(self._woken.wait())
        try:
            await asyncio.wait({waking}, timeout=PERIOD)
        finally:
            waking.cancel()

    async def _took_step(self, reach: Reach) -> bool:
        """Whether the world is another one now, so that a look is due at once."""
        asked_at = self._clock.boottime()
        try:
            ruling = await self._judge.renew()
            self._learn(ruling.epoch)
            view = await self._look(reach, ruling)
            action = decide(view)
            if action is Action.SERVE:
                self._permit_until = asked_at + PERMIT
            await self._forget_dead(ruling)
            return await self._carry_out(action, view, reach)
        except StoreUnavailableError as error:
            _log.warning("no permit can be had", extra={"detail": str(error), "cause": str(error.__cause__)[:200]})
            return False

    def _learn(self, epoch: Epoch) -> None:
        now = self._clock.boottime()
        if self.epoch != epoch:
            _log.info("epoch", extra={"epoch": epoch.number, "run_id": epoch.process, "open": epoch.open})
            self._permit_until = 0.0
            self._known_since = now
            self._away_since = None
            self._refusing = False
            self.epoch = epoch

    async def _look(self, reach: Reach, ruling: Ruling) -> View:
        reached, stamped = reach.process, False
        trusted = reached is not None and reached == ruling.epoch.process
        if trusted:
            try:
                stamped = await reach.has_stamp(ruling.epoch.stamp) and not self._refusing
            except CacheUnavailableError:
                reached = None
        now = self._clock.boottime()
        if trusted and reached is not None:
            self._away_since = None
        elif self._away_since is None:
            self._away_since = now
        if now < self._refused_until:
            reached = None
        return View(
            epoch=ruling.epoch,
            registered=ruling.registered,
            others=bool(ruling.others),
            reached=reached,
            stamped=stamped,
            away=self._away,
            waited=now - self._known_since,
        )

    async def _forget_dead(self, ruling: Ruling) -> None:
        if ruling.epoch.process is None:
            return  # clearing is for that
        for replica, beat in self._beats.dead(ruling.others, self._clock.boottime()).items():
            _log.info("a replica is gone", extra={"replica": replica})
            await self._judge.forget(replica, beat)

    async def _carry_out(self, action: Action, view: View, reach: Reach) -> bool:
        if action in (Action.SERVE, Action.WAIT):
            return False
        epoch = view.epoch
        _log.info("step", extra={"action": action.name.lower(), "epoch": epoch.number})
        if action is Action.HAND_IN:
            self._permit_until = 0.0
            await self._judge.hand_in()
        elif action is Action.REGISTER:
            await self._judge.register()
        elif action is Action.ADOPT:
            await self._adopt(epoch, reach)
        else:
            await {
                Action.SUSPEND: self._judge.suspend,
                Action.CLEAR: self._judge.clear,
                Action.OPEN: self._judge.open,
            }[action](epoch)
        return True

    async def _adopt(self, epoch: Epoch, reach: Reach) -> None:
        process = reach.process
        if process is None:
            return
        stamp = f"{epoch.number + 1}-{secrets.token_hex(8)}"
        try:
            await self._judge.adopt(epoch, process, stamp, lambda: reach.empty(process, stamp))
        except RedisRefusedError as error:
            _log.warning("Redis can't be used", extra={"code": error.code})
            self._refused_until = self._clock.boottime() + _REFUSED_PAUSE
        except CacheUnavailableError as error:
            _log.warning("Redis was not adopted", extra={"detail": str(error)})
            await self._clock.sleep(PERIOD)
