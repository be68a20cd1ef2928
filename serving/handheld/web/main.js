// The page: who is logged in, which screen is shown, the way between them. Screens are functions from a place to content.

import { get, logout, Offline, Problem } from "./api.js";
import { caseScreen, casesScreen, newCaseScreen } from "./cases.js";
import { beginScreen, dictateScreen } from "./begin.js";
import { fill, h } from "./dom.js";
import { trouble } from "./parts.js";
import { recordScreen } from "./record.js";
import { reviewScreen } from "./review.js";
import { childScreen, dictatedScreen, journalScreen } from "./after.js";
import { openSpool } from "./spool.js";
import { language, switchLanguage, t } from "./words.js";

const SCREENS = [
  [/^$/, casesScreen],
  [/^new$/, newCaseScreen],
  [/^case\/([\w-]+)$/, caseScreen],
  [/^case\/([\w-]+)\/begin$/, beginScreen],
  [/^case\/([\w-]+)\/dictate$/, dictateScreen],
  [/^meeting\/([\w-]+)\/record$/, recordScreen],
  [/^meeting\/([\w-]+)\/dictated$/, dictatedScreen],
  [/^meeting\/([\w-]+)\/review(?:\/(\w+))?$/, reviewScreen],
  [/^meeting\/([\w-]+)\/child$/, childScreen],
  [/^meeting\/([\w-]+)\/journal$/, journalScreen],
];

const page = { me: null, offline: false, spool: null, leave: null, go, instead };

export function go(place) {
  if (location.hash === `#/${place}`) show();
  else location.hash = `#/${place}`;
}

// The same without a way back to a place that only leads here again.
function instead(place) {
  location.replace(`#/${place}`);
}

async function who() {
  try {
    page.me = await get("/me");
    page.offline = false;
    await page.spool.keep("me", page.me);
  } catch (error) {
    if (error instanceof Problem && error.status === 401) {
      location.replace(`/login?next=${encodeURIComponent(location.pathname + location.hash)}`);
      throw error;
    }
    if (!(error instanceof Offline)) throw error;
    page.offline = true;
    page.me = await page.spool.kept("me");
  }
}

async function leave() {
  try {
    await logout();
    await page.spool.forgetKept();
    location.replace("/login");
  } catch (error) {
    fill(document.getElementById("content"), trouble(error));
  }
}

function top(place) {
  const main = place === "";
  const change = () => {
    switchLanguage();
    show();
  };
  fill(
    document.getElementById("top"),
    h("a", { class: "brand", href: "#/", "aria-current": main ? "page" : null }, h("span", { class: "dot", "aria-hidden": "true" }), t("app")),
    h(
      "nav",
      { "aria-label": t("app") },
      h("button", { class: "plain", lang: language() === "sv" ? "en" : "sv", onclick: change }, t("language")),
      page.me ? h("button", { class: "plain", onclick: leave }, t("log_out")) : null,
    ),
  );
  document.querySelector(".skip").textContent = t("skip_to_content");
}

let shown = 0;

async function show() {
  const place = location.hash.replace(/^#\/?/, "");
  const mine = ++shown;
  page.leave?.();
  page.leave = null;
  const content = document.getElementById("content");
  top(place);
  const [screen, found] = SCREENS.map(([pattern, screen]) => [screen, pattern.exec(place)]).find(([, found]) => found) ?? [casesScreen, [""]];
  try {
    if (!page.me || page.offline) {
      await who();
      top(place);
    }
    document.documentElement.lang = language();
    const made = await screen(page, ...found.slice(1));
    if (mine !== shown) return;
    fill(content, made);
    const heading = content.querySelector("h1");
    document.title = heading ? `${heading.textContent.replaceAll("\u00ad", "")} – Handenhet` : "Handenhet";
    window.scrollTo(0, 0);
    content.focus({ preventScroll: true });
  } catch (error) {
    if (mine !== shown) return;
    if (error instanceof Problem && error.status === 401) return location.replace(`/login?next=${encodeURIComponent(location.pathname + location.hash)}`);
    fill(content, h("div", { class: "sheet" }, h("h1", {}, t("app")), trouble(error), h("button", { class: "primary", onclick: show }, t("try_again"))));
  }
}

function keepWithoutNetwork() {
  if (!("serviceWorker" in navigator)) return;
  const policy = window.trustedTypes?.createPolicy("handenhet", { createScriptURL: (url) => (url === "/app/sw.js" ? url : "") });
  navigator.serviceWorker.register(policy ? policy.createScriptURL("/app/sw.js") : "/app/sw.js", { scope: "/app/" }).catch(() => {});
}

page.spool = await openSpool();
document.documentElement.lang = language();
window.addEventListener("hashchange", show);
window.addEventListener("online", () => page.offline && show());
await show();
keepWithoutNetwork();
