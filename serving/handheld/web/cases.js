// My cases, one case with its meetings, and a new case.

import { clockIsWrong, get, Offline, post } from "./api.js";
import { h } from "./dom.js";
import { day, field, notice, trouble } from "./parts.js";
import { t } from "./words.js";

const NEXT = { live: "record", closed: "review", gone_through: "child", approved: "journal" };
const NEXT_DICTATED = { ...NEXT, closed: "dictated", gone_through: "journal" };

export async function casesScreen(page) {
  const held = await page.spool.meetings();
  let cases = [];
  let told = null;
  try {
    cases = await get("/cases");
    await page.spool.keep("cases", cases);
  } catch (error) {
    told = trouble(error);
    if (error instanceof Offline) cases = (await page.spool.kept("cases")) ?? [];
  }
  const caseworker = page.me?.role === "socialsekreterare";
  return h(
    "div",
    { class: "sheet" },
    h("h1", {}, t("my_cases")),
    page.me ? h("p", { class: "lead" }, [page.me.name, page.me.unit].filter(Boolean).join(", ")) : null,
    told,
    clockIsWrong() ? notice("wait", t("clock_wrong")) : null,
    held.length
      ? h("section", { class: "held" }, h("h2", {}, t("unsent")), h("p", { class: "help" }, t("unsent_help")), h("ul", { class: "list" }, held.map((meeting) => line(`#/meeting/${meeting.id}/record`, meeting.info.caseName, meeting.info.setting, t("status_live")))))
      : null,
    caseworker || page.offline
      ? cases.length
        ? h("ul", { class: "list" }, cases.map((one) => line(`#/case/${one.id}`, one.name, described(one), null)))
        : h("p", { class: "empty" }, t("no_cases"))
      : notice("wait", t("no_cases_role", { role: page.me?.role ?? "" })),
    h(
      "p",
      { class: "row" },
      caseworker && !page.offline ? h("a", { class: "button", href: "#/new" }, t("new_case")) : null,
      page.me?.screen && !page.offline ? h("a", { class: "button quiet", href: page.me.screen }, t("larger_screen")) : null,
    ),
  );
}

function described(one) {
  return [one.number, one.age === null ? null : t("years", { n: one.age }), one.protected ? t("protected") : null].filter(Boolean).join(" · ");
}

function line(href, title, below, state) {
  return h("li", {}, h("a", { href }, h("span", { class: "grow" }, h("strong", {}, title), h("span", { class: "below" }, below)), state ? h("span", { class: "tag" }, state) : null, h("span", { class: "arrow", "aria-hidden": "true" }, "›")));
}

export async function caseScreen(page, id) {
  let one;
  let told = null;
  try {
    one = await get(`/cases/${id}`);
    await page.spool.keep(`case-${id}`, one);
  } catch (error) {
    if (!(error instanceof Offline)) throw error;
    one = await page.spool.kept(`case-${id}`);
    told = trouble(error);
    if (!one) throw error;
  }
  const meetings = [...one.meetings].reverse();
  return h(
    "div",
    { class: "sheet" },
    h("a", { class: "up", href: "#/" }, "‹ ", t("my_cases")),
    h("h1", {}, one.name),
    h("p", { class: "lead" }, described(one)),
    told,
    h("p", {}, h("a", { class: "button primary wide", href: `#/case/${id}/begin` }, t("new_meeting")), h("a", { class: "button wide", href: `#/case/${id}/dictate` }, t("dictate"))),
    h("h2", {}, t("earlier_meetings")),
    meetings.length
      ? h("ul", { class: "list" }, meetings.map(earlier))
      : h("p", { class: "empty" }, t("no_meetings")),
  );
}

function earlier(meeting) {
  const next = (meeting.dictation ? NEXT_DICTATED : NEXT)[meeting.status];
  const state = meeting.dictation && meeting.status === "closed" ? "status_dictated" : `status_${meeting.status}`;
  return line(`#/meeting/${meeting.id}/${next}`, meeting.setting, day(meeting.started), t(state));
}

export async function newCaseScreen(page) {
  const number = h("input", { id: "number", required: true, maxlength: "60" });
  const name = h("input", { id: "name", required: true, maxlength: "160", autocomplete: "off" });
  const born = h("input", { id: "born", type: "date" });
  const kind = h("select", { id: "kind" }, h("option", { value: "child" }, t("kind_child")), h("option", { value: "adult" }, t("kind_adult")));
  const told = h("div", {});
  const submit = async (event) => {
    event.preventDefault();
    const button = event.submitter;
    button.disabled = true;
    try {
      const made = await post("/cases", { number: number.value.trim(), name: name.value.trim(), kind: kind.value, birth_date: born.value || null });
      page.go(`case/${made.id}`);
    } catch (error) {
      button.disabled = false;
      told.replaceChildren(trouble(error));
    }
  };
  return h(
    "div",
    { class: "sheet narrow" },
    h("a", { class: "up", href: "#/" }, "‹ ", t("my_cases")),
    h("h1", {}, t("new_case")),
    h("form", { onsubmit: submit }, field(t("case_number"), number), field(t("case_kind"), kind), field(t("case_name"), name), field(t("case_born"), born), told, h("button", { class: "primary wide" }, t("save"))),
  );
}
