// The review together: one noted circumstance at a time, in large calm words, with the quote it rests on.

import { get, post, put, sound } from "./api.js";
import { clock, fill, h } from "./dom.js";
import { acuteNotice, choice, nameOf, notice, polarity, say, trouble } from "./parts.js";
import { t } from "./words.js";

const ABOUT = ["barn", "mamma", "pappa", "förälder", "annan-vuxen", "syskon", "klient", "partner", "familj"];
const AROUND_MS = 700;

let playing = null;

export async function reviewScreen(page, id, place) {
  const meeting = await get(`/meetings/${id}`);
  if (meeting.status === "live") return page.instead(`meeting/${id}/record`);
  if (meeting.dictation) return page.instead(`meeting/${id}/dictated`);
  if (meeting.status !== "closed" && place === undefined) return page.instead(`meeting/${id}/child`);
  page.leave = hush;
  if (place === undefined) return overview(page, meeting);
  if (place === "add") return missing(page, meeting);
  const number = Number(place);
  if (!meeting.observations[number]) return overview(page, meeting);
  return one(page, meeting, number);
}

function waiting(meeting) {
  return meeting.observations.filter((observation) => observation.standing.kind === "proposed");
}

function overview(page, meeting) {
  const left = waiting(meeting);
  const first = meeting.observations.findIndex((observation) => observation.standing.kind === "proposed");
  const told = h("div", {});
  const finish = async (event) => {
    event.target.disabled = true;
    try {
      await post(`/meetings/${meeting.id}/gone-through`);
      page.go(`meeting/${meeting.id}/child`);
    } catch (error) {
      event.target.disabled = false;
      fill(told, trouble(error));
    }
  };
  const done = h("button", { id: "finish", class: "primary wide big", onclick: finish }, t(meeting.child_age === null ? "finish_review_adult" : "finish_review"));
  const begin = h("a", { id: "begin", class: "button primary wide big", href: `#/meeting/${meeting.id}/review/${first}` }, t(left.length === meeting.observations.length ? "start_review" : "go_to_first_left"));
  return h(
    "div",
    { class: "sheet calm" },
    h("h1", {}, t("review")),
    h("p", { class: "lead" }, left.length ? t("review_lead") : t("all_answered")),
    apart(meeting),
    left.length ? begin : done,
    left.length ? h("p", { class: "help" }, t("left_to_answer", { n: left.length })) : null,
    told,
    h("ol", { class: "list answers" }, meeting.observations.map((observation, n) => h("li", {}, h("a", { href: `#/meeting/${meeting.id}/review/${n}` }, h("span", { class: "grow" }, h("span", { class: "row tight" }, polarity(observation), h("strong", {}, observation.factor.name)), h("q", { class: "below" }, observation.quote.text)), h("span", { class: `tag ${observation.standing.kind}` }, t(`answered_${observation.standing.kind}`)))))),
    h("p", {}, h("a", { class: "button", href: `#/meeting/${meeting.id}/review/add` }, t("add_missing"))),
    meeting.ledger.areas_not_touched.length ? h("details", { class: "more" }, h("summary", {}, t("not_touched")), h("p", {}, meeting.ledger.areas_not_touched.join(", ")), h("p", { class: "help" }, t("not_touched_help"))) : null,
  );
}

// Acute signals are not read out in the room: somebody who is feared may sit in it.
function apart(meeting) {
  if (!meeting.acute.length) return null;
  return h("details", { class: "more" }, h("summary", {}, t("acute_apart", { n: meeting.acute.length })), acuteNotice(meeting.acute, (id) => nameOf(meeting, id)));
}

function one(page, meeting, number) {
  const observation = meeting.observations[number];
  const told = h("div", {});
  const more = h("div", { class: "more-answer" });
  const answers = h("div", { class: "big-answers", role: "group", "aria-label": t("review") });
  const standing = observation.standing;

  async function answer(body, button) {
    if (button) button.disabled = true;
    try {
      await put(`/meetings/${meeting.id}/observations/${encodeURIComponent(observation.id)}/standing`, body);
      say(t(`answered_${body.standing}`));
      hush();
      const next = meeting.observations.findIndex((other, n) => n > number && other.standing.kind === "proposed");
      page.go(next < 0 ? `meeting/${meeting.id}/review` : `meeting/${meeting.id}/review/${next}`);
    } catch (error) {
      if (button) button.disabled = false;
      fill(told, trouble(error));
    }
  }

  const yes = h("button", { id: "right", class: "answer yes", "aria-pressed": String(standing.kind === "confirmed"), onclick: () => answer({ standing: "confirmed" }, yes) }, t("right"));
  const no = h("button", { id: "wrong", class: "answer no", "aria-expanded": "false", onclick: () => toggle(no, () => wrong(answer)) }, t("wrong"));
  const change = h("button", { id: "change", class: "quiet", "aria-expanded": "false", onclick: () => toggle(change, () => changing(meeting, observation, answer)) }, t("change"));

  async function toggle(button, make) {
    const open = button.getAttribute("aria-expanded") === "true";
    for (const other of [no, change]) other.setAttribute("aria-expanded", "false");
    if (open) return fill(more);
    button.setAttribute("aria-expanded", "true");
    fill(more, await make());
    more.querySelector("input, select, textarea")?.focus();
  }

  fill(answers, yes, no);
  return h(
    "div",
    { class: "sheet calm" },
    h("a", { class: "up", href: `#/meeting/${meeting.id}/review` }, "‹ ", t("overview")),
    h("p", { class: "progress" }, t("number_of", { n: number + 1, all: meeting.observations.length })),
    h("progress", { max: meeting.observations.length, value: number + 1, "aria-label": t("number_of", { n: number + 1, all: meeting.observations.length }) }),
    h("h1", { class: "someone" }, t("someone_said", { who: nameOf(meeting, observation.quote.speaker) })),
    observation.context ? h("p", { class: "below" }, `${t("answer_to")}: `, h("q", {}, observation.context.text)) : null,
    h("blockquote", {}, h("q", {}, observation.quote.text)),
    meeting.audio ? listening(meeting, observation.quote) : h("p", { class: "help" }, t("no_sound")),
    h("div", { class: "wrote" }, h("p", { class: "below" }, t("we_wrote")), h("p", { class: "row tight" }, polarity(observation), h("strong", {}, observation.factor.name)), h("p", { class: "below" }, observation.factor.description), h("p", {}, `${t("about_whom")}: `, h("strong", {}, t(`about_${observation.about}`)))),
    observation.flags.filter((flag) => ["uncertain_hearing", "uncertain", "past"].includes(flag)).map((flag) => h("p", { class: "help flag" }, t(`flag_${flag}`))),
    observation.source === "hearsay" ? h("p", { class: "help flag" }, t("source_hearsay")) : null,
    standing.kind === "proposed" ? null : notice("done", t(`answered_${standing.kind}`), standing.kind === "disputed" ? h("q", {}, standing.text) : null),
    told,
    answers,
    more,
    h("div", { class: "row between" }, number ? h("a", { class: "button quiet", href: `#/meeting/${meeting.id}/review/${number - 1}` }, t("previous")) : h("span", {}), change, number + 1 < meeting.observations.length ? h("a", { class: "button quiet", href: `#/meeting/${meeting.id}/review/${number + 1}` }, t("next")) : h("span", {})),
  );
}

function wrong(answer) {
  let how = "disputed";
  const told = h("div", {});
  const text = h("textarea", { id: "their-words", rows: "4", maxlength: "4000" });
  const box = h("div", { class: "field" }, h("label", { for: "their-words" }, t("their_words")), text);
  const pick = (value) => {
    how = value;
    box.hidden = value !== "disputed";
  };
  const send = () => {
    if (how === "disputed" && !text.value.trim()) {
      fill(told, notice("bad", t("their_words_missing")));
      return text.focus();
    }
    answer({ standing: how, words: how === "disputed" ? text.value.trim() : "" });
  };
  return [choice("how", t("wrong_how"), [["disputed", t("wrong_disagree")], ["rejected", t("wrong_mistake")]], how, pick), box, told, h("button", { id: "send-wrong", class: "primary wide", onclick: send }, t("save"))];
}

async function factorPicker(meeting, chosen) {
  const factors = await get(meeting.child_age === null ? "/factors" : `/factors?child_age=${meeting.child_age}`);
  const areas = [...new Set(factors.map((factor) => factor.area))];
  return h(
    "select",
    { id: "factor" },
    areas.map((area) => h("optgroup", { label: area }, factors.filter((factor) => factor.area === area).map((factor) => h("option", { value: factor.id, selected: factor.id === chosen }, `${t(factor.polarity)}: ${factor.name}`)))),
  );
}

function aboutPicker(chosen) {
  return h("select", { id: "about" }, ABOUT.map((value) => h("option", { value, selected: value === chosen }, t(`about_${value}`))));
}

async function changing(meeting, observation, answer) {
  const factor = await factorPicker(meeting, observation.factor.id);
  const about = aboutPicker(observation.about);
  return [h("div", { class: "field" }, h("label", { for: "factor" }, t("change_to")), factor), h("div", { class: "field" }, h("label", { for: "about" }, t("about_whom")), about), h("button", { id: "send-change", class: "primary wide", onclick: () => answer({ standing: "changed", factor: factor.value, about: about.value }) }, t("save"))];
}

async function missing(page, meeting) {
  const told = h("div", {});
  const theirs = meeting.utterances.filter((utterance) => meeting.participants.find((person) => person.id === utterance.speaker)?.standpoint !== "caseworker");
  const text = (utterance) => utterance.words.map((word) => word.text).join(" ");
  const utterance = h("select", { id: "utterance", onchange: () => (words.value = text(theirs[utterance.selectedIndex])) }, theirs.map((one) => h("option", { value: one.id }, `${clock(one.start_ms)} ${nameOf(meeting, one.speaker)}: ${text(one).slice(0, 80)}`)));
  const words = h("textarea", { id: "exact", rows: "3" });
  words.value = theirs.length ? text(theirs[0]) : "";
  const factor = await factorPicker(meeting, "");
  const about = aboutPicker(meeting.child_age === null ? "klient" : "barn");
  const add = async (event) => {
    event.target.disabled = true;
    try {
      await post(`/meetings/${meeting.id}/observations`, { factor: factor.value, utterance: utterance.value, quote: words.value, about: about.value });
      say(t("added"));
      page.go(`meeting/${meeting.id}/review`);
    } catch (error) {
      event.target.disabled = false;
      fill(told, trouble(error));
    }
  };
  const pin = async () => {
    const chosen = theirs.find((one) => one.id === utterance.value);
    try {
      await post(`/meetings/${meeting.id}/pins`, { utterance: chosen.id, first: 0, end: chosen.words.length });
      fill(told, notice("done", t("added")));
    } catch (error) {
      fill(told, trouble(error));
    }
  };
  return h(
    "div",
    { class: "sheet calm" },
    h("a", { class: "up", href: `#/meeting/${meeting.id}/review` }, "‹ ", t("overview")),
    h("h1", {}, t("add_missing")),
    h("p", { class: "lead" }, t("add_missing_lead")),
    h("div", { class: "field" }, h("label", { for: "utterance" }, t("which_words")), utterance),
    h("div", { class: "field" }, h("label", { for: "exact" }, t("exact_words")), words),
    h("div", { class: "field" }, h("label", { for: "factor" }, t("what_about")), factor),
    h("div", { class: "field" }, h("label", { for: "about" }, t("about_whom")), about),
    told,
    h("button", { class: "primary wide", onclick: add, disabled: !theirs.length }, t("add")),
    meeting.child_age === null ? null : h("button", { class: "wide", onclick: pin, disabled: !theirs.length }, t("pin")),
  );
}

function listening(meeting, quote) {
  const button = h("button", { id: "listen", class: "listen", onclick: play }, t("listen"));
  const told = h("span", { class: "help" });
  async function play() {
    if (playing) return hush();
    try {
      const from = Math.max(0, quote.start_ms - AROUND_MS);
      const to = Math.min(quote.end_ms + AROUND_MS, from + 120_000);
      const url = URL.createObjectURL(await sound(`/meetings/${meeting.id}/clip?from_ms=${from}&to_ms=${to}`));
      playing = { audio: new Audio(url), url, button };
      playing.audio.onended = hush;
      button.textContent = t("stop_listening");
      await playing.audio.play();
    } catch (error) {
      hush();
      fill(told, error.message);
    }
  }
  return h("p", { class: "row tight" }, button, told);
}

function hush() {
  if (!playing) return;
  playing.audio.pause();
  URL.revokeObjectURL(playing.url);
  playing.button.textContent = t("listen");
  playing = null;
}
