"""What a message says, in English: for screens with `lang="en"`; phones always get Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from string import Template

from monitor.notify.templates import DRILL, TELL

_LEVELS = {"蓝": "blue", "黄": "yellow", "橙": "orange", "红": "red"}
_DO = {
    "blue": "watch it, keep your phone on",
    "yellow": "go to your post, patrol, close what is flooded",
    "orange": "go to the villages, move the frail first, report numbers",
    "red": "move the people of ${area} NOW, report numbers",
}
_TEXTS = {
    **{u: "${site}, ${time}, ${level} m: " + do for u, do in _DO.items()},
    **{f"{u}_measured": "${site}, ${time}, ${what} ${amount}: " + do for u, do in _DO.items()},
    **{f"{u}_hand": "${site}, ${time}, ${source}: ${because}; " + do for u, do in _DO.items()},
    **{f"{u}_still": "${site}, ${time}, ${level} m, no word since: " + do for u, do in _DO.items()},
    **{
        f"{u}_hand_still": "${site}, ${time}, ${source}: ${because}; still stands; " + do
        for u, do in _DO.items()
    },
    **{
        f"{u}_silent": "${site} silent since ${time}, was ${level} m, borne out: " + do
        for u, do in _DO.items()
    },
    **{f"{u}_plain": "${site}, ${time}: " + do for u, do in _DO.items()},
    **{
        f"worse_{u}": "${site} worsens from ${old} to " + u + ", ${time}, ${level} m: " + do
        for u, do in _DO.items()
        if u != "blue"
    },
    "downstream": "water comes from ${site} (${sev}, ${time}): about ${eta} min to ${area}",
    "superior": "${site} is ${sev}: ${duty} called ${n} times without answer, please take over",
    "superior_silent": "${site} is silent: ${duty} called ${n} times without answer, look yourself",
    "superior_bridge": "somebody on ${bridge}: ${duty} called ${n} times without answer, go there",
    "superior_dead": "${site} is ${sev}: no phone of ${duty} gets through, please take over",
    "superior_silent_dead": "${site} is silent: no phone of ${duty} gets through, look yourself",
    "superior_bridge_dead": "somebody on ${bridge}: no phone of ${duty} gets through, go there",
    "superior_uncalled": "${site} is ${sev}: ${duty} not called yet, please take over",
    "superior_silent_uncalled": "${site} is silent: ${duty} not called yet, look yourself",
    "superior_bridge_uncalled": "somebody on ${bridge}: ${duty} not called yet, go there",
    "hand_dial": "${site} is ${sev}: ${duty} not reached, dial by hand or send somebody",
    "superior_vacant": "${site} is ${sev}: nobody can be called as ${duty}, please take over",
    "fell": "${site}, ${time}: water fell to ${level} m; stay, nobody returns yet",
    "fell_plain": "${site}, ${time}: fell below orange; stay, nobody returns yet",
    "stand_down": "${site}: stood down by ${leader} at ${time}; check houses and roads",
    "closed": "${site} is no longer watched; keep to what was arranged",
    "bridge": "somebody on the bridge at ${bridge}, ${time}: call them off, close both ends",
    "silent": "${site} silent since ${time}, was rising, last ${level} m: read the staff gauge",
    "silent_over": "${site} silent since ${time}, was over, last ${level} m: read the staff gauge",
    "silent_plain": "${site} silent since ${time}: ask the village, look, report",
    "silent_area": "${count} devices at ${site} and near it silent since ${time}: check the line",
    "suspect": "${site}, ${time}: ${level} m looks wrong; look first, then say real or false",
    "suspect_plain": "${site}, ${time}: a reading looks wrong; look first, then say real or false",
    "suspect_look": "${site}, ${time}: ${level} m not verified; read the staff from a safe place",
    "suspect_look_plain": "${site}, ${time}: a reading not verified; look from a safe place",
    "unverified": "NOT VERIFIED: ${site}, ${time}, ${level} m; send somebody to a safe place",
    "unverified_plain": "NOT VERIFIED: ${site}, ${time}, a reading; send somebody to a safe place",
    "report": "${site} is ${sev}: report to the county by phone before ${due}",
    "report_again": "${site} is ${sev} now: report again to the county by phone before ${due}",
    "late": "sending was down ${from}–${to}; ${site} reached ${sev}, is ${now} now",
    "late_fell": "sending was down ${from}–${to}; ${site} reached ${sev}, has fallen since",
    "bundle": "${count} messages of ${from}–${to}: ${sites} up to ${sev}, ${now} now; act on it",
    "bundle_one_fell": "told late: ${site} reached ${sev} at ${from}, fallen since",
    "bundle_red": "${reds} red: move the people of all of them NOW, report numbers",
    "bundle_report": "${sites} up to ${sev}: report to the county by phone before ${due}",
    "bundle_fell": "${count} messages of ${from}–${to}: ${sites} up to ${sev}, fallen since",
    "drill": "${sev}: ${site}, ${time}, simulated ${level} m",
    "drill_measured": "${sev}: ${site}, ${time}, simulated ${what} ${amount}",
    "drill_plain": "${sev}: ${site}, ${time}, simulated",
    "drill_aborted": "${drill} is broken off for a REAL emergency: stay on the phone, await orders",
    "drill_over": "${drill} ended at ${time}; evaluation due ${due}",
    "drill_missed": "no ${risk} drill on record in ${period}; ${duty} holds one before ${due}",
    "plan_expired": "${plan} expired on ${date}; ${duty} revises it before ${due}",
    "phone_dead": "the phone of ${duty} at ${place} is dead; mend the list before ${due}",
    "findings": "${duty}: ${count} findings to mend before ${due}",
}


def in_english(use: str, variables: Mapping[str, str]) -> str:
    """One line; a use or a variable that is not known here is shown as it is, never hidden."""
    base = use.removeprefix("voice_").removesuffix(DRILL).removesuffix(TELL)
    is_drill = use.endswith(DRILL) or base in ("drill", "drill_measured", "drill_plain")
    said = {name: _LEVELS.get(text, text) for name, text in variables.items()}
    try:
        text = Template(_TEXTS[base]).substitute(said)
    except KeyError:
        return f"{use}: {', '.join(said.values())}"
    return f"EXERCISE {text} EXERCISE" if is_drill else text
