"""What a person with large text cannot get at on a page: text that is cut off, controls that something lies over."""

from playwright.sync_api import Page

_LOOK = """() => {
  const told = [], page = document.documentElement;
  const named = (e) => e.outerHTML.replace(/\\s+/g, ' ').slice(0, 140);
  const style = (e) => getComputedStyle(e);
  const off = '.unseen, .skip, .hh-hidden, .sr-only, .visually-hidden, option, script, style, noscript, svg';
  const shown = (e) => {
    const box = e.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && e.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  };
  if (page.scrollWidth > page.clientWidth + 1) told.push(`the page is ${page.scrollWidth} of ${page.clientWidth} wide`);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const parent = text.parentElement;
    if (!text.data.trim() || parent.closest(off) || !shown(parent)) continue;
    range.selectNodeContents(text);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 1);
    const right = Math.max(...boxes.map((box) => box.right)), left = Math.min(...boxes.map((box) => box.left));
    const low = Math.max(...boxes.map((box) => box.bottom));
    if (right > innerWidth + 1 || left < -1) told.push(`outside the screen: ${named(parent)}`);
    for (let above = parent; above && above !== document.body; above = above.parentElement) {
      const { overflowX, overflowY } = style(above), box = above.getBoundingClientRect();
      const cuts = (way) => way === 'hidden' || way === 'clip';
      if (cuts(overflowX) && right > box.right + 2) told.push(`cut at the side: ${named(parent)}`);
      if (cuts(overflowY) && low > box.bottom + 3) told.push(`cut below: ${named(parent)}`);
      if (overflowX === 'auto' || overflowX === 'scroll') {
        if (above.scrollWidth > above.clientWidth + 2) told.push(`scrolls sideways inside: ${named(above)}`);
        break;
      }
    }
  }
  const before = scrollY;
  for (const one of document.querySelectorAll('button, a[href], input, select, textarea, summary, [role=tab]')) {
    if (one.disabled || one.closest(off) || !shown(one)) continue;
    one.scrollIntoView({ block: 'center', behavior: 'instant' });
    const box = (one.closest('label') ?? one).getBoundingClientRect();
    const there = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 24));
    const mine = (one.closest('label') ?? one).contains(there) || there?.contains(one);
    if (!mine) told.push(`cannot be pressed: ${named(one)}`);
  }
  scrollTo(0, before);
  return [...new Set(told)];
}"""


_ROOT_FONT = """async (size) => {
  document.documentElement.style.fontSize = size;
  dispatchEvent(new Event('resize'));
  for (let frame = 0; frame < 4; frame++) await new Promise(requestAnimationFrame);
}"""


def out_of_reach(page: Page) -> list[str]:
    """One line for each fault; empty when everything is there."""
    found: list[str] = page.evaluate(_LOOK)
    return found


def with_text_twice_as_large(page: Page) -> list[str]:
    """The same with the page's root font size doubled, which is put back."""
    page.evaluate(_ROOT_FONT, "200%")
    try:
        return out_of_reach(page)
    finally:
        page.evaluate(_ROOT_FONT, "")
