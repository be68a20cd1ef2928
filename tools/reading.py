"""The tools a reader calls while people talk. Each hands a proposal to the desk and passes a refusal back.

They are coroutines that never wait, so that several calls in one answer take effect in the order given.
"""

from pydantic_ai import FunctionToolset, ModelRetry, RunContext

from .proposals import (
    About,
    AcuteProposal,
    ChildsWordsProposal,
    Desk,
    FactorProposal,
    FlagName,
    NoteProposal,
    Proposal,
    Refused,
    SourceName,
    Withdrawal,
)


async def log_risk_factor(
    ctx: RunContext[Desk],
    factor: str,
    utterance: str,
    quote: str,
    about: About,
    source: SourceName,
    flags: list[FlagName] | None = None,
    updates: str = "",
) -> str:
    """Logga en riskfaktor som någon i rummet har berättat om.

    Args:
        factor: faktorns id i katalogen, t.ex. F-SAK-R1.
        utterance: yttrandets id, t.ex. u17.
        quote: orden ordagrant ur yttrandet, så kort att de ändå står för sig själva.
        about: vem omständigheten gäller.
        source: hur den som talar vet det.
        flags: past om det var så förr och ännu betyder något, uncertain om den som talar är osäker.
        updates: id på en tidigare logg som detta rättar, annars tomt.
    """
    given = frozenset(flags or ())
    return _submit(ctx, FactorProposal("risk", factor, utterance, quote, about, source, given, updates))


async def log_protective_factor(
    ctx: RunContext[Desk],
    factor: str,
    utterance: str,
    quote: str,
    about: About,
    source: SourceName,
    flags: list[FlagName] | None = None,
    updates: str = "",
) -> str:
    """Logga en skyddsfaktor som någon har berättat om. Löften, förminskning och stöd som upphört är inte skydd.

    Args:
        factor: faktorns id i katalogen, t.ex. F-OMS-S1.
        utterance: yttrandets id, t.ex. u17.
        quote: orden ordagrant ur yttrandet, så kort att de ändå står för sig själva.
        about: vem omständigheten gäller.
        source: hur den som talar vet det.
        flags: past om det var så förr och ännu betyder något, uncertain om den som talar är osäker.
        updates: id på en tidigare logg som detta rättar, annars tomt.
    """
    given = frozenset(flags or ())
    return _submit(ctx, FactorProposal("protective", factor, utterance, quote, about, source, given, updates))


async def withdraw_observation(ctx: RunContext[Desk], observation: str, utterance: str) -> str:
    """Ta tillbaka en logg därför att senare ord visar att den inte stämde.

    Args:
        observation: loggens id.
        utterance: yttrandet där de senare orden står.
    """
    return _submit(ctx, Withdrawal(observation, utterance))


async def flag_acute(ctx: RunContext[Desk], utterance: str, quote: str, why: str) -> str:
    """Visa genast ord om fara för liv eller hälsa nu eller inom några dagar. Ange ämne, aldrig nivå.

    Args:
        utterance: yttrandets id.
        quote: orden ordagrant.
        why: ämnet med några ord, t.ex. "vapen".
    """
    return _submit(ctx, AcuteProposal(utterance, quote, why))


async def add_journal_note(ctx: RunContext[Desk], utterance: str, quote: str, heading: str) -> str:
    """Lägg ord under en rubrik i journalen utan att de är en faktor.

    Args:
        utterance: yttrandets id.
        quote: orden ordagrant.
        heading: rubriken.
    """
    return _submit(ctx, NoteProposal(utterance, quote, heading))


async def note_childs_words(ctx: RunContext[Desk], utterance: str, quote: str) -> str:
    """Spara barnets egna ord ordagrant.

    Args:
        utterance: yttrandets id.
        quote: orden ordagrant.
    """
    return _submit(ctx, ChildsWordsProposal(utterance, quote))


def _submit(ctx: RunContext[Desk], proposal: Proposal) -> str:
    answer = ctx.deps.submit(proposal)
    if isinstance(answer, Refused):
        raise ModelRetry(answer.how_to_mend)
    return answer.id


def reading_tools() -> FunctionToolset[Desk]:
    """Every tool a reader has; none reaches outside the meeting."""
    return FunctionToolset(
        [
            log_risk_factor,
            log_protective_factor,
            withdraw_observation,
            flag_acute,
            add_journal_note,
            note_childs_words,
        ]
    )
