"""A meeting as it happens, to the screens that watch it: one WebSocket a screen, first all there is, then news."""

import asyncio
import contextlib

from starlette.websockets import WebSocket, WebSocketDisconnect

from ..agent.gaps import gaps
from ..knowledge.errors import HandenhetError
from .hub import Ended, Hearing, News, Noted, Quiet, Said, Trouble
from .rooms import Rooms
from .security.access import Actor
from .shapes import (
    AcuteOut,
    GapOut,
    LedgerOut,
    MeetingDetail,
    MeetingOut,
    ObservationOut,
    UtteranceOut,
)

_WHY = {"unclear": "no_words", "struck": "struck", "paused": "pause"}


def detail(rooms: Rooms, actor: Actor, meeting_id: str) -> MeetingDetail:
    """Everything of a meeting as it stands. Raises AccessRefused or NotThere; logged as reading it."""
    house = rooms.house
    store, at = house.store, house.clock()
    with store.together(at):
        record = store.meeting_record(actor, meeting_id, at=at)
        transcript = store.transcript(actor, meeting_id, at=at)
        observations = store.observations(actor, meeting_id, at=at)
        acute = store.acute_signals(actor, meeting_id, at=at)
        seen = store.acute_seen(actor, meeting_id, at=at)
        silent = store.gaps(actor, meeting_id, at=at)
    return MeetingDetail(
        **MeetingOut.of(record).model_dump(),
        audio=rooms.has_audio(meeting_id),
        utterances=[UtteranceOut.of(utterance) for utterance in transcript.utterances],
        observations=[ObservationOut.of(observation) for observation in observations],
        acute=[AcuteOut.of(signal, [who.by.name for who in seen.get(signal.id, ())]) for signal in acute],
        gaps=[GapOut.of(gap) for gap in silent],
        ledger=LedgerOut.of(gaps(record.meeting, transcript, observations, house.catalogue)),
    )


async def watch(socket: WebSocket, rooms: Rooms, meeting_id: str) -> None:
    """The route's whole life: `all`, then news until the meeting ends or the screen leaves."""
    actor: Actor = socket.state.actor
    await socket.accept()
    news = asyncio.create_task(_tell(socket, rooms, actor, meeting_id))
    gone = asyncio.create_task(_gone(socket))
    try:
        await asyncio.wait({news, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (news, gone):
            task.cancel()
        await asyncio.gather(news, gone, return_exceptions=True)
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):
        await socket.close()


async def _tell(socket: WebSocket, rooms: Rooms, actor: Actor, meeting_id: str) -> None:
    # Listening begins before the snapshot is taken, so that nothing falls between; what comes twice has the same id.
    queue: asyncio.Queue[News] = asyncio.Queue()
    with rooms.house.hub.listening(meeting_id, queue.put_nowait):
        try:
            now = await asyncio.to_thread(detail, rooms, actor, meeting_id)
        except HandenhetError:
            await socket.send_json({"type": "refused"})
            return
        await socket.send_json({"type": "all", "meeting": now.model_dump(mode="json")})
        while now.status == "live":
            one = await queue.get()
            await socket.send_json(_shown(one))
            if isinstance(one, Ended):
                return


async def _gone(socket: WebSocket) -> None:
    """Returns when the screen has left; what it sends is not listened to."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass


def _shown(news: News) -> dict[str, object]:
    match news:
        case Hearing():
            return {"type": "hearing", "text": news.text, "at_ms": news.at_ms}
        case Said():
            return {"type": "said", "utterance": UtteranceOut.of(news.utterance).model_dump(mode="json")}
        case Noted():
            return {
                "type": "noted",
                "observations": [ObservationOut.of(o).model_dump(mode="json") for o in news.observations],
                "acute": [AcuteOut.of(signal).model_dump(mode="json") for signal in news.acute],
                "ledger": LedgerOut.of(news.gaps).model_dump(mode="json"),
                "model_lost": news.model_lost,
            }
        case Quiet():
            return {"type": "quiet", "kind": _WHY[news.why], "start_ms": news.start_ms, "end_ms": news.end_ms}
        case Trouble():
            return {"type": "trouble", "what": news.what}
        case Ended():
            return {"type": "ended"}
