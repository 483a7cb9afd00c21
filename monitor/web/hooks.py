"""`/hooks/…`: what providers post back, receipts and replies. At least once, so all of it is
idempotent; whatever cannot be read is kept, because a person may have written it."""

from __future__ import annotations

import logging

from fastapi import APIRouter, HTTPException, Request, Response

from monitor import acts
from monitor.channels.webhook import SIGNATURE
from monitor.errors import Unreadable
from monitor.ingest.message import Message, Quarantined
from monitor.judging.memory import Outcome
from monitor.notify.channel import ChannelKind, DeliveryReceipt, Reply
from monitor.providers.signatures import body_hmac
from monitor.settings import OpenHook
from monitor.web.door import same
from monitor.web.service import Here, Service

log = logging.getLogger(__name__)

router = APIRouter(prefix="/hooks", include_in_schema=False)

THANKS = '{"code": 0}'


@router.post("/{path}")
async def posted(here: Here, request: Request, path: str) -> Response:
    """404 for everybody but the provider; 400 for what cannot be read; 503 asks for it again."""
    body = await request.body()
    hook = _opened(here.settings.door.hooks, path, body, request.headers.get(SIGNATURE, ""))
    channels = here.settings.knowledge.directory.channels
    kind = next((c.kind for c in channels if hook and c.id == hook.channel), None)
    if hook is None or kind is None:
        raise HTTPException(404)
    try:
        receipts, replies = read(kind, body)
    except Unreadable as fault:
        await _quarantine(here, hook.channel, body, fault)
        said = "看不懂这条回执，已留存。 / Not understood; it is kept for a person to look at."
        raise HTTPException(400, said) from fault
    async with here.store.writing() as tx:
        for receipt in receipts:
            await tx.keep_receipt(hook.channel, receipt)
    for reply in replies:
        await acts.reply(here.desk, reply, hook.channel)
    if not all(receipt.delivered for receipt in receipts):
        here.desk.wake()  # a phone that got it moves no ladder
    return Response(kind.thanks or THANKS, media_type="application/json")


def _opened(hooks: tuple[OpenHook, ...], path: str, body: bytes, signature: str) -> OpenHook | None:
    """The hook of that path, if the caller has signed where it must."""
    found = [hook for hook in hooks if same(hook.path, path)]
    if not found:
        return None
    key = found[0].signing_key
    if key is not None and not same(f"sha256={body_hmac(body, key)}", signature):
        return None
    return found[0]


def read(kind: ChannelKind, body: bytes) -> tuple[tuple[DeliveryReceipt, ...], tuple[Reply, ...]]:
    """One post may hold either, and a voice record holds both. Raises Unreadable for neither."""
    receipts: tuple[DeliveryReceipt, ...] = ()
    replies: tuple[Reply, ...] = ()
    faults: list[Unreadable] = []
    readable = False
    if kind.receipts is not None:
        try:
            receipts, readable = kind.receipts(body), True
        except Unreadable as fault:
            faults.append(fault)
    if kind.replies is not None:
        try:
            replies, readable = kind.replies(body), True
        except Unreadable as fault:
            faults.append(fault)
    if not readable:
        raise faults[-1] if faults else Unreadable("channel takes no callbacks", kind.name)
    return receipts, replies


async def _quarantine(here: Service, channel: str, body: bytes, fault: Unreadable) -> None:
    log.warning("a post to the hook of channel %s is quarantined: %s", channel, fault.reason)
    message = Message(f"hooks/{channel}", body, here.clock.now(), False)
    kept = Quarantined(here.desk.actual, message, fault.reason, fault.detail)
    async with here.store.writing() as tx:
        await tx.keep(Outcome(quarantined=[kept]))
