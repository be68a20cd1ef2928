// The meeting while it is held: the light, who speaks, the words and what is noted. Or typed notes where somebody said no.

import { get, Offline, post } from "./api.js";
import { clock, fill, h } from "./dom.js";
import { Live } from "./live.js";
import { acuteNotice, attributed, commands, nameOf, notice, polarity, say, sure, trouble, when, words } from "./parts.js";
import { enter } from "./room.js";
import { t } from "./words.js";

const LAST_WORDS = 60;
const UNDER_THE_FINGER_MS = 800;

export async function recordScreen(page, id) {
  const held = await page.spool.meeting(id);
  if (held) return recording(page, held);
  const meeting = await get(`/meetings/${id}`);
  if (meeting.status === "closed") return page.instead(`meeting/${id}/${meeting.dictation ? "dictated" : "review"}`);
  if (meeting.status !== "live") return page.instead(`meeting/${id}/${meeting.dictation ? "journal" : "child"}`);
  if (!meeting.recording) return typing(page, meeting);
  return recording(page, await page.spool.begin(id, { caseId: meeting.case_id, caseName: "", setting: meeting.setting, participants: meeting.participants, recording: true }));
}

async function recording(page, held) {
  const room = await enter(page.spool, held);
  if (!room) return h("div", { class: "sheet" }, h("h1", {}, held.info.setting), notice("bad", t("other_tab")), h("a", { class: "button", href: "#/" }, t("to_cases")));
  const live = new Live(held.id);
  const power = { text: "", low: false };
  const people = { participants: held.info.participants };
  const view = panes(people, live, room.alone);
  const state = stateBar(room, power);
  const alerts = h("div", { class: "alerts" });
  const taps = speakers(room);
  const actions = h("div", { class: "actions", role: "group" });
  let drawn = "";

  function draw() {
    state.draw();
    const key = [room.state, room.trouble, room.sender.state, cutOff(room.sender), room.speaker, live.trouble].join();
    if (key !== drawn) {
      drawn = key;
      fill(alerts, warnings(room, live));
      taps.draw();
      fill(actions, buttons(room));
    }
    if (room.sender.state === "ended") finished();
  }

  async function finished() {
    if (live.over || page.leave !== away) return;
    const over = h("p", { class: "lead" }, t("ending"));
    fill(actions, over);
  }

  function over() {
    if (page.leave === away && room.state === "ended") page.instead(`meeting/${held.id}/${room.alone ? "dictated" : "review"}`);
  }

  function away() {
    clearInterval(timer);
    live.stop();
    room.leave();
    window.removeEventListener("beforeunload", stay);
  }

  function stay(event) {
    if (room.state === "recording") event.preventDefault();
  }

  const timer = setInterval(draw, 250);
  room.addEventListener("change", draw);
  live.addEventListener("change", () => {
    view.draw();
    draw();
  });
  live.addEventListener("ended", over);
  window.addEventListener("beforeunload", stay);
  watchBattery(power);
  page.leave = away;
  live.start();
  window.handenhet = room;
  draw();
  view.draw();
  if (room.state === "ready") room.record();
  return h(
    "div",
    { class: "room" },
    h("div", { class: "bar" }, h("h1", { class: "unseen" }, held.info.setting), state.element),
    alerts,
    taps.element,
    view.element,
    actions,
  );
}

function stateBar(room, power) {
  const light = h("span", { class: "light", "aria-hidden": "true" });
  const text = h("strong", { class: "state", role: "status" });
  const time = h("span", { class: "time" });
  const level = h("div", { class: "level", role: "meter", "aria-label": t("sound_level"), "aria-valuemin": "0", "aria-valuemax": "100" }, h("span", {}));
  const sent = h("span", { class: "sent" });
  const battery = h("span", { class: "battery" });
  const element = h("div", { class: "statebar" }, h("div", { class: "row tight" }, light, text, time), level, h("div", { class: "row tight small" }, sent, battery));
  return {
    element,
    draw() {
      const state = room.trouble === "mic_lost" && room.state === "recording" ? "lost" : room.state;
      element.dataset.state = state;
      if (text.textContent !== t(`rec_${state}`)) text.textContent = t(`rec_${state}`);
      time.textContent = clock(room.elapsedMs);
      const loud = Math.min(100, Math.round(100 * Math.sqrt(room.level)));
      level.setAttribute("aria-valuenow", String(loud));
      level.firstChild.style.setProperty("--loud", `${loud}%`);
      const seconds = Math.ceil(room.sender.waiting / 5);
      sent.textContent = room.sender.waiting > 5 ? t("waiting", { n: seconds }) : t("saved");
      battery.textContent = power.text;
      battery.className = power.low ? "battery low" : "battery";
    },
  };
}

// Whether what is recorded is not reaching the server: the connection is gone, or five seconds wait.
function cutOff(sender) {
  return sender.waiting > (sender.state === "connecting" ? 5 : 25);
}

function warnings(room, live) {
  const found = [];
  if (room.trouble && (room.trouble !== "mic_lost" || room.state === "recording")) found.push(notice("bad loud", t(room.trouble)));
  const sender = room.sender;
  if (cutOff(sender)) found.push(notice("wait", t(room.state === "ended" ? "ending_offline" : "no_contact")));
  if (sender.state === "login") found.push(notice("bad", t("session_over"), h("a", { class: "button", href: `/login?next=${encodeURIComponent(location.pathname + location.hash)}` }, t("session_done"))));
  if (sender.state === "refused" || sender.state === "taken") found.push(notice("bad", sender.problem?.what ?? "", h("p", {}, sender.problem?.mend ?? "")));
  if (sender.state === "device") found.push(notice("bad", t("another_device"), h("button", { onclick: () => sender.takeOver() }, t("take_over"))));
  if (live.trouble) found.push(notice("wait", live.trouble));
  return found;
}

function speakers(room) {
  const choices = h("div", { class: "speakers" });
  const element = h("section", { class: "who", "aria-label": t("who_speaks") }, h("h2", {}, t("who_speaks")), choices);
  return {
    element,
    draw() {
      element.hidden = room.alone || room.state !== "recording";
      fill(
        choices,
        room.info.participants.map((person) =>
          h("button", { class: "speaker", "data-speaker": person.id, "aria-pressed": String(room.speaker === person.id), onclick: () => room.tap(person.id) }, h("strong", {}, person.name || person.role), person.name ? h("span", { class: "below" }, person.role) : null),
        ),
      );
    },
  };
}

function buttons(room) {
  const end = h("button", { id: "end", onclick: async () => (await sure(t(room.alone ? "end_dictation_sure" : "end_sure"), t("end_yes"))) && room.end() }, t("end"));
  const go = (text) => h("button", { id: "record", class: "primary record", onclick: () => room.record() }, text);
  switch (room.state) {
    case "recording":
      return [
        h("button", { id: "pause", class: "primary", onclick: () => room.pause() }, t("pause")),
        room.alone ? null : h("button", { id: "mark", onclick: () => room.mark().then(() => say(t("marked"))) }, t("mark")),
        h("button", { id: "strike", onclick: async () => (await sure(t("strike_sure"), t("strike_yes"))) && room.strike().then(() => say(t("struck"))) }, t("strike")),
        end,
      ];
    case "paused":
      return [go(t("go_on")), end];
    case "interrupted":
      return [go(t("go_on")), end];
    case "ready":
      return [go(t("record"))];
    default:
      return [h("p", { class: "lead" }, t("ending"))];
  }
}

// The words and what is noted, side by side where there is room. Of what is dictated nothing is noted.
function panes(meeting, live, dictated = false) {
  const said = h("div", { class: "said", tabindex: "0", role: "log", "aria-live": "off", "aria-label": t("words_said") });
  const noted = h("div", { class: "noted" });
  const acute = h("div", { class: "acute-list", role: "alert" });
  const count = h("span", { class: "count" });
  const who = (id) => nameOf(live.meeting ?? meeting, id);
  const shown = new Map();

  function draw() {
    const low = said.scrollHeight - said.scrollTop - said.clientHeight < 60;
    const all = [...live.utterances.values()].sort((a, b) => a.index - b.index).slice(-LAST_WORDS);
    const gaps = live.gaps.filter((gap) => !all.length || gap.end_ms >= all[0].start_ms);
    const lines = [...all.map((one) => [one.start_ms, utterance(one, who)]), ...gaps.map((gap) => [gap.start_ms, gapLine(gap)])].sort((a, b) => a[0] - b[0]);
    fill(said, lines.length || live.hearing ? lines.map(([, element]) => element) : h("p", { class: "empty" }, t("nothing_said")), live.hearing ? h("p", { class: "hearing" }, live.hearing) : null);
    if (low) said.scrollTop = said.scrollHeight;
    count.textContent = live.observations.length ? ` (${live.observations.length})` : "";
    fill(noted, live.observations.length ? [...live.observations].reverse().map((one) => observation(one, who)) : h("p", { class: "empty" }, t("nothing_noted")));
    const open = [...live.acute.values()].filter((signal) => !signal.seen).sort((a, b) => a.quote.start_ms - b.quote.start_ms);
    const key = open.map((signal) => signal.id).join();
    if (acute.dataset.key !== key) {
      acute.dataset.key = key;
      for (const signal of open) if (!shown.has(signal.id)) shown.set(signal.id, performance.now());
      const focused = acute.contains(document.activeElement);
      fill(acute, open.length ? toSee(open, shown, who, live, draw) : null);
      if (focused) acute.querySelector("button")?.focus();
    }
  }

  const element = h(
    "div",
    { class: "panes" },
    acute,
    h("section", { class: "pane", "aria-label": t("words_said") }, h("h2", {}, t("words_said")), said),
    dictated ? h("section", { class: "pane", "aria-label": t("dictate_how") }, h("h2", {}, t("dictate_how")), commands()) : h("section", { class: "pane", "aria-label": t("noted") }, h("h2", {}, t("noted"), count), noted),
  );
  return { element, draw };
}

function utterance(one, who) {
  return h("p", { class: "utterance" }, when(one.start_ms), h("strong", {}, who(one.speaker)), " ", words(one));
}

function gapLine(gap) {
  return h("p", { class: "gap" }, when(gap.start_ms), t(`gap_${gap.kind}`), gap.note ? ` ${gap.note}` : "");
}

function observation(one, who) {
  return h("article", { class: `card ${one.factor.polarity}` }, h("p", { class: "row tight" }, polarity(one), h("strong", {}, one.factor.name)), h("p", { class: "below" }, one.factor.area), h("p", {}, attributed(one.quote, who)));
}

// One notice for all that is open: danger is told in several lines, and a notice for each would hide the talk.
// What came up under the finger that was on its way has not been seen: it stays.
function toSee(open, shown, who, live, draw) {
  const seen = async () => {
    const readable = open.filter((signal) => performance.now() - shown.get(signal.id) > UNDER_THE_FINGER_MS);
    const ids = (readable.length ? readable : open).map((signal) => signal.id);
    live.see(ids);
    draw();
    await Promise.all(ids.map((id) => post(`/meetings/${live.id}/acute/${encodeURIComponent(id)}/seen`).catch(() => {})));
  };
  return acuteNotice(open, who, h("button", { onclick: seen }, t("acute_seen")));
}

async function watchBattery(power) {
  try {
    const battery = await navigator.getBattery();
    const tell = () => {
      const n = Math.round(battery.level * 100);
      power.low = n <= 20 && !battery.charging;
      power.text = t(power.low ? "battery_low" : "battery", { n });
    };
    battery.onlevelchange = battery.onchargingchange = tell;
    tell();
  } catch {
    power.text = "";
  }
}

// Somebody said no to sound: what is said is typed, by whom, and read like words heard.
function typing(page, meeting) {
  const live = new Live(meeting.id);
  const view = panes(meeting, live);
  const told = h("div", {});
  let speaker = meeting.participants.find((person) => person.standpoint !== "caseworker")?.id ?? meeting.participants[0].id;
  const from = h("select", { id: "note-from", onchange: (event) => (speaker = event.target.value) }, meeting.participants.map((person) => h("option", { value: person.id, selected: person.id === speaker }, person.name || person.role)));
  const text = h("textarea", { id: "note-text", rows: "3", maxlength: "4000" });
  const add = async (event) => {
    event.preventDefault();
    if (!text.value.trim()) return;
    try {
      await post(`/meetings/${meeting.id}/notes`, { speaker, text: text.value });
      text.value = "";
      fill(told);
    } catch (error) {
      fill(told, error instanceof Offline ? notice("bad", t("offline")) : trouble(error));
    }
    text.focus();
  };
  const end = async () => {
    if (!(await sure(t("end_sure"), t("end_yes")))) return;
    try {
      await post(`/meetings/${meeting.id}/end`);
      page.go(`meeting/${meeting.id}/review`);
    } catch (error) {
      fill(told, trouble(error));
    }
  };
  live.addEventListener("change", () => view.draw());
  page.leave = () => live.stop();
  live.start();
  view.draw();
  return h(
    "div",
    { class: "room typed" },
    h("div", { class: "bar" }, h("h1", {}, meeting.setting)),
    notice("wait", t("consent_no")),
    h("form", { class: "sheet", onsubmit: add }, h("label", { for: "note-from" }, t("note_from")), from, h("label", { for: "note-text" }, t("write_note")), text, told, h("div", { class: "row" }, h("button", { class: "primary" }, t("note_send")), h("button", { type: "button", id: "end", onclick: end }, t("end")))),
    view.element,
  );
}
