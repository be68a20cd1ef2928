// Pieces that several screens show: notices, questions, people, quotes, the meeting's participants.

import { clock, fill, h } from "./dom.js";
import { Offline } from "./api.js";
import { SV_ONLY, t } from "./words.js";

// Says something to a screen reader without moving the focus.
export function say(text) {
  fill(document.getElementById("said"), text);
}

export function notice(kind, text, ...more) {
  return h("div", { class: `notice ${kind}`, role: kind === "bad" ? "alert" : "status" }, h("p", {}, text), ...more);
}

export function trouble(error) {
  if (error instanceof Offline) return notice("wait", t("offline"), h("p", {}, t("offline_mend")));
  return notice("bad", error.message || String(error), error.mend ? h("p", {}, error.mend) : null);
}

// Asks before something that cannot be taken back. Resolves with true or false.
export function sure(question, yes) {
  return new Promise((answer) => {
    const dialog = h(
      "dialog",
      { "aria-labelledby": "sure-question", onclose: () => { dialog.remove(); answer(dialog.returnValue === "yes"); } },
      h("p", { id: "sure-question", class: "lead" }, question),
      h(
        "div",
        { class: "row" },
        h("button", { class: "quiet", onclick: () => dialog.close("no") }, t("cancel")),
        h("button", { class: "primary", onclick: () => dialog.close("yes") }, yes),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}

export function nameOf(meeting, id) {
  const person = meeting.participants.find((one) => one.id === id);
  if (!person) return t("unknown_speaker");
  return person.name || person.role;
}

// What can be said aloud in a dictation.
export function commands() {
  return h("ul", { class: "commands", lang: "sv" }, SV_ONLY("dictate_commands").split("; ").map((one) => h("li", {}, one)));
}

// A quote, whose it is and when it was said. `who` gives a participant's name.
export function attributed(quote, who) {
  return [h("q", {}, quote.text), " ", h("span", { class: "below" }, `${who(quote.speaker)}, ${clock(quote.start_ms)}`)];
}

export function acuteNotice(signals, who, ...more) {
  const told = (signal) => h("p", {}, `${signal.why}: `, attributed(signal.quote, who));
  return h("div", { class: "notice acute" }, h("p", {}, h("strong", {}, t("acute")), " ", h("span", { class: "below" }, t("acute_law"))), signals.map(told), ...more);
}

export function polarity(observation) {
  const risk = observation.factor.polarity === "risk";
  return h("span", { class: `side ${risk ? "risk" : "protective"}` }, h("span", { "aria-hidden": "true" }, risk ? "▲" : "●"), " ", t(risk ? "risk" : "protective"));
}

export function words(utterance) {
  return utterance.words.flatMap((word, place) => {
    const shown = word.doubtful
      ? h("span", { class: "doubtful", title: t("doubtful") }, word.text, h("span", { class: "unseen" }, ` (${t("doubtful")})`))
      : word.text;
    return place ? [" ", shown] : [shown];
  });
}

export function when(ms) {
  return h("span", { class: "when" }, clock(ms));
}

export function day(text) {
  return new Date(text).toLocaleString("sv-SE", { dateStyle: "medium", timeStyle: "short" });
}

export function field(label, input, help) {
  const id = input.id || `f-${label.replace(/\W+/g, "-")}`;
  input.id = id;
  if (help) input.setAttribute("aria-describedby", `${id}-help`);
  return h("div", { class: "field" }, h("label", { for: id }, label), input, help ? h("p", { class: "help", id: `${id}-help` }, help) : null);
}

export function choice(name, label, options, chosen, onchange) {
  return h(
    "fieldset",
    { class: "choice" },
    h("legend", {}, label),
    h(
      "div",
      { class: "options" },
      options.map(([value, text]) =>
        h("label", {}, h("input", { type: "radio", name, value, checked: value === chosen, onchange: () => onchange(value) }), h("span", {}, text)),
      ),
    ),
  );
}
