// The language of the labels, the way out, and names in Swedish for Gradio's own buttons.

(() => {
  const english = ENGLISH;
  const swedish = Object.fromEntries(Object.entries(english).map(([sv, en]) => [en, sv]));
  const gradio = { "Copy message": "Kopiera", "Copy conversation": "Kopiera samtalet",
    "Clear": "Rensa", "Close": "Stäng",
    "chatbot conversation": "Samtal", "Select input device": "Välj mikrofon", "undo": "Ångra", "Undo": "Ångra",
    "Retry": "Försök igen", "Scroll to bottom": "Till slutet",
    "Submit": "Skicka", "Stop": "Stoppa", "Fullscreen": "Helskärm",
    "Loading": "Laddar", "close": "Stäng", "Copy": "Kopiera", "More tabs": "Fler flikar", "Remove": "Ta bort" };
  const toasts = { "Error": "Det gick inte", "Warning": "Varning", "Info": "Klart", "Success": "Klart" };
  const written = ".hh-paper, .hh-child, blockquote, q, #chat .message, textarea, input, script, style";
  let chosen = "sv";
  try { chosen = localStorage.getItem("språk") === "en" ? "en" : "sv"; } catch {}
  const inLanguage = (root) => {
    const table = chosen === "en" ? english : swedish;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.data.trim();
      if (text && Object.hasOwn(table, text) && !node.parentElement.closest(written))
        node.data = node.data.replace(text, table[text]);
    }
    for (const part of root.querySelectorAll("[placeholder], [aria-label]"))
      for (const name of ["placeholder", "aria-label"])
        if (Object.hasOwn(table, part.getAttribute(name) ?? "")) {
          part.setAttribute(name, table[part.getAttribute(name)]);
        }
    for (const part of root.querySelectorAll(".hh-paper, .hh-child, blockquote, q, #chat .message"))
      if (part.lang !== "sv") part.lang = "sv";
    document.documentElement.lang = chosen;
  };
  const named = (root) => {
    for (const part of root.querySelectorAll("[aria-label], [title]"))
      for (const name of ["aria-label", "title"])
        if (gradio[part.getAttribute(name)]) part.setAttribute(name, gradio[part.getAttribute(name)]);
    for (const part of root.querySelectorAll("button:not([aria-label])"))
      if (!part.textContent.trim() && !part.getAttribute("title")) part.setAttribute("aria-label", "Visa fler");
    for (const title of root.querySelectorAll(".toast-title"))
      if (title.firstChild && title.firstChild.nodeValue && title.firstChild.nodeValue.trim() in toasts)
        title.firstChild.nodeValue = toasts[title.firstChild.nodeValue.trim()];
    for (const log of root.querySelectorAll("#chat [role=log]:not([tabindex])")) log.tabIndex = 0;
    for (const link of root.querySelectorAll(".hh a[target]")) link.removeAttribute("target");
  };
  const translate = () => { named(document); inLanguage(document.documentElement); };
  // "Ändra" at a sentence: its place goes into the hidden field, and the fields beside the paper come into view.
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest(".hh-change");
    if (!link) return;
    event.preventDefault();
    const closed = document.querySelector("#wording [data-testid=accordion-content]")?.style.display === "none";
    if (closed) document.querySelector("#wording > button").click();
    const wanted = decodeURIComponent(link.getAttribute("href").slice("#andra:".length));
    // Gradio mounts the fields when the part opens, and empties them once as it does.
    const put = (looks) => {
      const place = document.querySelector("#wording-place textarea");
      if (place && place.value !== wanted) {
        place.value = wanted;
        place.dispatchEvent(new Event("input", { bubbles: true }));
      }
      document.querySelector("#wording-text textarea")?.focus();
      if (looks) setTimeout(() => put(looks - 1), 150);
    };
    put(6);
  });
  document.addEventListener("click", async (event) => {
    const link = event.target.closest && event.target.closest(".hh-logout, .hh-language");
    if (!link) return;
    event.preventDefault();
    if (link.matches(".hh-language")) {
      chosen = chosen === "en" ? "sv" : "en";
      try { localStorage.setItem("språk", chosen); } catch {}
      return translate();
    }
    await fetch("/auth/logout", { method: "POST" });
    location.assign("/login");
  });
  document.documentElement.lang = chosen;
  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      translate();
    });
  };
  new MutationObserver(soon).observe(document.documentElement, { childList: true, subtree: true, characterData: true });
})();
