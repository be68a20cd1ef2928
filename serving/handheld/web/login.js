// Who are you? Through the identity provider, or by the start code of a trial installation.

import { login, ways } from "./api.js";
import { fill, h } from "./dom.js";
import { field, trouble } from "./parts.js";
import { language, switchLanguage, t } from "./words.js";

function next() {
  const wanted = new URLSearchParams(location.search).get("next") ?? "/app/";
  return /^\/[\w/#?=&.-]*$/.test(wanted) && !wanted.startsWith("//") ? wanted : "/app/";
}

const content = document.getElementById("content");
const unseen = h("div", { id: "said", role: "status", class: "unseen" });
document.body.append(unseen);

function head() {
  return [
    h("p", { class: "brand big" }, h("span", { class: "dot", "aria-hidden": "true" }), t("app")),
    h("h1", {}, t("log_in")),
    h("p", { class: "lead" }, t("login_lead")),
  ];
}

function foot() {
  const change = () => {
    switchLanguage();
    show();
  };
  return h("button", { class: "plain", lang: language() === "sv" ? "en" : "sv", onclick: change }, t("language"));
}

async function show() {
  document.documentElement.lang = language();
  try {
    const how = await ways();
    const inside = how.way === "code" ? byCode(how.people) : h("a", { class: "button primary", href: `/auth/start?next=${encodeURIComponent(next())}` }, t("login_provider"));
    fill(content, h("div", { class: "sheet narrow" }, head(), inside, foot()));
  } catch (error) {
    fill(content, h("div", { class: "sheet narrow" }, head(), trouble(error), h("button", { class: "primary", onclick: show }, t("try_again")), foot()));
  }
}

function byCode(people) {
  const told = h("div", {});
  const person = h("select", { id: "person", autocomplete: "username" }, people.map((one) => h("option", { value: one.id }, `${one.name} – ${one.role}${one.unit ? `, ${one.unit}` : ""}`)));
  const code = h("input", { id: "code", inputmode: "numeric", autocomplete: "one-time-code", required: true, maxlength: "40" });
  const submit = async (event) => {
    event.preventDefault();
    try {
      await login(person.value, code.value);
      location.replace(next());
    } catch (error) {
      fill(told, trouble(error));
      code.select();
    }
  };
  return h(
    "form",
    { onsubmit: submit },
    field(t("login_who"), person),
    field(t("login_code"), code, t("login_code_help")),
    told,
    h("button", { class: "primary wide" }, t("log_in")),
    h("p", { class: "help" }, t("login_trial")),
  );
}

show();
