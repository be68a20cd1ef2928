// Before the meeting: what it is, who is here, and what each of them says about being recorded.

import { get, Offline, post } from "./api.js";
import { fill, h } from "./dom.js";
import { commands, field, notice, trouble } from "./parts.js";
import { SV_ONLY, t } from "./words.js";

const LANGUAGES = [["sv-SE", "svenska"], ["en-US", "English"], ["ar-AR", "العربية"], ["fi-FI", "suomi"], ["pl-PL", "polski"]];

async function caseOf(page, caseId) {
  try {
    return await get(`/cases/${caseId}`);
  } catch (error) {
    const one = error instanceof Offline ? await page.spool.kept(`case-${caseId}`) : null;
    if (!one) throw error;
    return one;
  }
}

// Without a network the meeting is told of later; without the microphone there is nothing to keep meanwhile.
async function start(page, one, body, recording) {
  const info = { caseId: one.id, caseName: one.name, setting: body.setting, participants: body.participants, recording };
  try {
    await post(`/cases/${one.id}/meetings`, body);
  } catch (error) {
    if (!(error instanceof Offline && recording)) throw error;
    info.pending = body;
  }
  if (recording) await page.spool.begin(body.id, info);
  page.go(`meeting/${body.id}/record`);
}

export async function dictateScreen(page, caseId) {
  const one = await caseOf(page, caseId);
  const { id, role, name } = myself(page, one);
  const told = h("div", {});
  const begin = async () => {
    button.disabled = true;
    const body = { id: crypto.randomUUID(), setting: SV_ONLY("dictation"), participants: [{ id, role, name }], consents: [{ participant: id, informed: true, agreed: true }] };
    try {
      await start(page, one, body, true);
    } catch (error) {
      button.disabled = false;
      fill(told, trouble(error));
    }
  };
  const button = h("button", { id: "start-dictating", class: "primary wide big", onclick: begin }, t("start_dictating"));
  return h(
    "div",
    { class: "sheet" },
    h("a", { class: "up", href: `#/case/${caseId}` }, "‹ ", one.name),
    h("h1", {}, t("dictate")),
    h("p", { class: "lead" }, t("dictate_lead")),
    h("section", {}, h("h2", {}, t("dictate_how")), commands()),
    told,
    button,
  );
}

export async function beginScreen(page, caseId) {
  const one = await caseOf(page, caseId);
  const people = known(page, one);
  const settings = SV_ONLY("setting_options").split(", ");
  const setting = h("select", { id: "setting" }, settings.map((text) => h("option", { value: text }, text)));
  const spoken = h("select", { id: "spoken" }, LANGUAGES.map(([value, text]) => h("option", { value }, text)));
  const interpreter = h("input", { type: "checkbox", id: "interpreter" });
  const list = h("div", { class: "people" });
  const asked = h("div", {});
  const told = h("div", {});
  const button = h("button", { class: "primary wide big", onclick: begin }, t("start_recording"));

  function draw() {
    const here = people.filter((person) => person.here);
    fill(list, people.map((person) => tick(person, draw)));
    fill(asked, here.map((person) => question(person, draw)));
    const refused = here.some((person) => person.agreed === false);
    button.textContent = t(refused ? "start_typing" : "start_recording");
    fill(told, refused ? notice("wait", t("consent_no")) : null);
  }

  async function begin() {
    const here = people.filter((person) => person.here);
    const unasked = here.filter((person) => person.agreed === null);
    if (here.length < 2) return fill(told, notice("bad", t("fill_in", { what: t("someone_else") })));
    if (unasked.length) return fill(told, notice("bad", t("consent_missing", { who: unasked.map((person) => person.name || person.role).join(", ") })));
    button.disabled = true;
    const body = {
      id: crypto.randomUUID(),
      setting: setting.value,
      participants: here.map(({ id, role, name }) => ({ id, role, name })),
      consents: here.map((person) => ({ participant: person.id, informed: true, agreed: person.agreed })),
      language: spoken.value,
      interpreter: interpreter.checked,
    };
    try {
      await start(page, one, body, here.every((person) => person.agreed));
    } catch (error) {
      button.disabled = false;
      fill(told, trouble(error));
    }
  }

  draw();
  return h(
    "div",
    { class: "sheet" },
    h("a", { class: "up", href: `#/case/${caseId}` }, "‹ ", one.name),
    h("h1", {}, t("new_meeting")),
    h("div", { class: "pair" }, field(t("setting"), setting), field(t("spoken_language"), spoken)),
    h("label", { class: "tick" }, interpreter, h("span", {}, t("interpreter_here"))),
    h("section", {}, h("h2", {}, t("who_is_here")), h("p", { class: "help" }, t("who_help")), list, newPerson(people, draw)),
    h("section", {}, h("h2", {}, t("consent")), h("p", { class: "lead" }, t("consent_lead")), asked),
    told,
    button,
  );
}

// The one who is logged in, as the case knows them if it does.
function myself(page, one) {
  const me = page.me ?? { id: "jag", name: "" };
  const known = one.participants.find((person) => person.standpoint === "caseworker" && person.name === me.name);
  return known ?? { id: me.id, role: "socialsekreterare", name: me.name };
}

function known(page, one) {
  const here = new Map();
  for (const person of one.participants) here.set(person.id, { ...person, here: person.standpoint === "caseworker", agreed: person.name === page.me?.name ? true : null });
  const me = myself(page, one);
  if (!here.has(me.id)) here.set(me.id, { ...me, here: true, agreed: true });
  if (one.kind === "child" && ![...here.values()].some((person) => person.role === "barn")) {
    here.set("barn", { id: "barn", role: "barn", name: one.name.split(" ")[0], here: true, agreed: null });
  }
  if (one.kind === "adult" && ![...here.values()].some((person) => person.role === "klient")) {
    here.set("klient", { id: "klient", role: "klient", name: one.name.split(" ")[0], here: true, agreed: null });
  }
  return [...here.values()];
}

function tick(person, draw) {
  const change = (event) => {
    person.here = event.target.checked;
    draw();
  };
  return h("label", { class: "tick" }, h("input", { type: "checkbox", checked: person.here, onchange: change }), h("span", {}, h("strong", {}, person.name || person.role), person.name ? ` ${person.role}` : ""));
}

function question(person, draw) {
  const answer = (agreed) => () => {
    person.agreed = agreed;
    draw();
    document.getElementById(`c-${person.id}-${agreed}`)?.focus();
  };
  const button = (agreed, text) =>
    h("button", { id: `c-${person.id}-${agreed}`, class: `answer ${agreed ? "yes" : "no"}`, "aria-pressed": String(person.agreed === agreed), onclick: answer(agreed) }, text);
  return h(
    "div",
    { class: "consent", role: "group", "aria-label": `${person.name || person.role}: ${t("consent_ask")}` },
    h("span", { class: "grow" }, h("strong", {}, person.name || person.role), h("span", { class: "below" }, t("consent_ask"))),
    button(true, t("yes")),
    button(false, t("no")),
  );
}

function newPerson(people, draw) {
  const name = h("input", { id: "new-name", maxlength: "120", autocomplete: "off" });
  const role = h("select", { id: "new-role" }, SV_ONLY("role_choices").split(", ").map((text) => h("option", { value: text }, text)));
  const add = () => {
    const taken = new Set(people.map((person) => person.id));
    let id = role.value;
    for (let n = 2; taken.has(id); n++) id = `${role.value}${n}`;
    people.push({ id, role: role.value, name: name.value.trim(), here: true, agreed: null });
    name.value = "";
    draw();
  };
  return h("details", { class: "more" }, h("summary", {}, t("add_person")), h("div", { class: "pair" }, field(t("person_role"), role), field(t("person_name"), name)), h("button", { onclick: add }, t("add")));
}
