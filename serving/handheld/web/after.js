// After the review: the child's version to read together, and the journal entry to complete and sign.

import { get, post, put, sound } from "./api.js";
import { fill, h } from "./dom.js";
import { field, notice, sure, trouble } from "./parts.js";
import { t } from "./words.js";

const BANDS = ["0-6", "7-9", "10-12", "13-15", "16-17", "vuxen"];

// What was dictated becomes a draft of a journal entry; there is nobody to go through it with.
export async function dictatedScreen(page, id) {
  await post(`/meetings/${id}/gone-through`);
  page.instead(`meeting/${id}/journal`);
}

export async function childScreen(page, id) {
  const meeting = await get(`/meetings/${id}/frame`);
  if (meeting.status === "live" || meeting.status === "closed") return page.instead(`meeting/${id}/review`);
  const reader = reading(`/meetings/${id}/child-version/audio`);
  page.leave = reader.stop;
  const body = h("div", {});
  const told = h("div", {});
  const draw = (version) => fill(body, shown(version, reader, change, approve));

  async function change(band) {
    try {
      reader.stop();
      draw(await post(`/meetings/${id}/child-version`, { band }));
      fill(told);
    } catch (error) {
      fill(told, trouble(error));
    }
  }

  async function approve(version) {
    try {
      draw(await post(`/meetings/${id}/child-version/approval`, { digest: version.digest }));
      fill(told);
    } catch (error) {
      fill(told, trouble(error));
    }
  }

  draw(await get(`/meetings/${id}/child-version`));
  return h(
    "div",
    { class: "sheet calm child" },
    h("h1", {}, t(meeting.child_age === null ? "easy_version" : "child_version")),
    body,
    told,
    h("p", {}, h("a", { id: "to-journal", class: "button primary wide", href: `#/meeting/${id}/journal` }, t("to_signing"))),
  );
}

function shown(version, reader, change, approve) {
  const band = h("select", { id: "band", onchange: (event) => change(event.target.value) }, BANDS.map((one) => h("option", { value: one, selected: one === version.band }, one === "vuxen" ? t("band_adult") : t("years", { n: one }))));
  reader.text = version.text;
  return [
    h("div", { class: "row between tools" }, reader.button, h("div", { class: "row tight" }, h("label", { for: "band" }, t("band")), band)),
    h("div", { class: "told", lang: "sv" }, paragraphs(version.sentences)),
    version.findings.length ? h("details", { class: "more", open: version.findings.some((finding) => finding.blocks) }, h("summary", {}, t("child_check")), h("ul", {}, version.findings.map((finding) => h("li", {}, finding.text)))) : null,
    version.left_out.length ? h("details", { class: "more" }, h("summary", {}, t("child_left_out")), h("ul", {}, version.left_out.map((text) => h("li", {}, text)))) : null,
    h("p", { class: "help" }, version.made_by),
    version.approved ? notice("done", t("child_approved")) : h("button", { id: "approve-child", class: "wide", onclick: () => approve(version) }, t("approve_child")),
  ];
}

function paragraphs(sentences) {
  const out = [];
  let current = null;
  for (const sentence of sentences) {
    if (sentence.heading || !current) {
      if (sentence.heading) out.push(h("h2", {}, sentence.heading));
      current = h("p", {});
      out.push(current);
    }
    current.append(sentence.kind === "own_words" ? h("em", {}, sentence.text) : sentence.text, " ");
  }
  return out;
}

// Reads aloud by the server's voice, or by the browser's where the server has none.
function reading(path) {
  let audio = null;
  const button = h("button", { id: "read-aloud", class: "listen", onclick: () => (audio || speaking() ? stop() : start()) }, t("read_aloud"));
  const self = { button, text: "", stop };
  const speaking = () => window.speechSynthesis?.speaking;

  async function start() {
    button.textContent = t("stop_reading");
    try {
      const url = URL.createObjectURL(await sound(path));
      audio = new Audio(url);
      audio.onended = stop;
      await audio.play();
    } catch {
      audio = null;
      if (!window.speechSynthesis) return stop();
      const spoken = new SpeechSynthesisUtterance(self.text);
      spoken.lang = "sv-SE";
      spoken.rate = 0.85;
      spoken.onend = stop;
      window.speechSynthesis.speak(spoken);
    }
  }

  function stop() {
    audio?.pause();
    if (audio) URL.revokeObjectURL(audio.src);
    audio = null;
    window.speechSynthesis?.cancel();
    button.textContent = t("read_aloud");
  }

  return self;
}

export async function journalScreen(page, id) {
  const meeting = await get(`/meetings/${id}/frame`);
  const body = h("div", {});
  const told = h("div", {});
  let entry = await get(`/meetings/${id}/journal`);
  let saving = Promise.resolve();

  // One after the other, so that the digest signed is of the last text.
  const write = (name, text, mark) => (saving = saving.then(() => writeNow(name, text, mark)));

  async function writeNow(name, text, mark) {
    try {
      entry = await put(`/meetings/${id}/journal/${encodeURIComponent(name)}`, { text });
      mark.textContent = t("saved_text");
      fill(checks, findings(entry));
      fill(told);
    } catch (error) {
      fill(told, trouble(error));
    }
  }

  async function sign() {
    document.activeElement?.blur();
    await saving;
    if (!(await sure(t("sign_sure"), t("sign")))) return;
    try {
      entry = await post(`/meetings/${id}/signature`, { digest: entry.digest });
      draw();
    } catch (error) {
      fill(told, trouble(error));
      fill(checks, findings((entry = await get(`/meetings/${id}/journal`))));
    }
  }

  const checks = h("div", {});
  function draw() {
    fill(checks, entry.approved ? null : findings(entry));
    fill(
      body,
      entry.approved ? notice("done", t("signed"), h("p", {}, t("signed_lead")), h("p", { class: "row" }, ["docx", "pdf", "json", "text"].map((form) => h("a", { class: "button", href: `/api/v1/documents/journal-${id}/export?format=${form}`, download: "" }, form.toUpperCase())))) : h("p", { class: "lead" }, t(meeting.dictation ? "dictation_lead" : "journal_lead")),
      entry.sections.map((section) => part(section, entry.approved, write)),
      checks,
      entry.approved ? h("a", { class: "button primary wide", href: `#/case/${meeting.case_id}` }, t("to_cases")) : h("button", { id: "sign", class: "primary wide big", onclick: sign }, t("sign")),
    );
  }

  draw();
  const up = meeting.dictation ? h("a", { class: "up", href: `#/case/${meeting.case_id}` }, "‹ ", t("to_case")) : h("a", { class: "up", href: `#/meeting/${id}/child` }, "‹ ", t(meeting.child_age === null ? "easy_version" : "child_version"));
  return h("div", { class: "sheet" }, up, h("h1", {}, t("journal")), body, told);
}

function part(section, approved, write) {
  const heading = h(section.level === 1 ? "h2" : "h3", {}, section.heading);
  const said = section.sentences.map((sentence) => h("p", { class: "sentence" }, sentence.topic ? h("strong", {}, `${sentence.topic}: `) : null, sentence.text));
  if (!section.field) return h("section", {}, heading, said);
  if (approved) return h("section", {}, heading, said, h("p", { class: "own" }, section.written));
  const mark = h("span", { class: "help", role: "status" });
  const text = h("textarea", { id: `w-${section.field}`, rows: String(rowsFor(section.written)), maxlength: "20000", placeholder: t("yours_to_write") });
  text.value = section.written;
  text.addEventListener("change", () => text.value.trim() && write(section.field, text.value, mark));
  return h("section", {}, said, field(section.heading, text), mark);
}

// So many that nothing is hidden from the one who reads it, also on a narrow phone.
function rowsFor(text) {
  const rows = text.split("\n").map((line) => Math.max(1, Math.ceil(line.length / 30)));
  return Math.max(3, rows.reduce((all, one) => all + one, 1));
}

function findings(entry) {
  const blocks = entry.findings.filter((finding) => finding.blocks);
  const notices = entry.findings.filter((finding) => !finding.blocks);
  const list = (found) => h("ul", {}, found.map((finding) => h("li", {}, finding.text)));
  return [blocks.length ? notice("bad", t("findings"), list(blocks)) : null, notices.length ? h("details", { class: "more" }, h("summary", {}, t("notices")), list(notices)) : null];
}
