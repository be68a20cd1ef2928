"""The caseworker's and the supervisor's day in a real browser, over the sample case with hostile words in it."""

import io
import json
import re
import zipfile
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as NothingYet

from .conftest import PATIENT_MS, Visit, answered

pytestmark = pytest.mark.browser
A_MOMENT_MS = 5_000


def test_what_everybody_else_meets(browser: Browser, address: str) -> None:
    stranger = browser.new_context().request
    for path in ("/handlaggare/config", "/chef/config", "/handlaggare/gradio_api/info"):
        assert stranger.get(f"{address}{path}").status == 401
    chef = Visit(browser, address, "chef-barn").context.request
    assert chef.get(f"{address}/handlaggare/config").status == 401
    maria = Visit(browser, address, "maria").context.request
    assert maria.get(f"{address}/chef/config").status == 401


def test_a_case_is_seen_gone_through_completed_approved_and_let_out(maria: Visit) -> None:
    page = maria.page
    expect(page.locator("html")).to_have_attribute("lang", "sv")
    expect(page.locator("#glance")).to_contain_text("10 uppgifter väntar")
    maria.tab("Uppgifter")
    expect(page.locator("#facts")).to_contain_text("Visar 26 av 26 uppgifter")
    expect(page.locator("#facts")).to_contain_text("<img/src=x/onerror=document.title='trasig'>")
    maria.tab("Gå igenom")
    add_what_was_missed(page)
    keep_words(page, "Överenskommelser", "Jag vill att någon pratar med pappa så att han inte skriker mer")
    page.get_by_role("button", name="Föregående").click()
    go_through(page, waiting=10)
    page.locator("#go-close").click()
    expect(page.locator("#glance")).to_contain_text("Journalanteckningen är inte godkänd")

    maria.tab("Handlingar")
    page.get_by_role("button", name="Nytt utkast till beslutsunderlag").click()
    page.locator("#compose").click()
    paper = page.locator("#paper")
    expect(paper).to_contain_text("Beslutsunderlag, barn")
    expect(paper).to_contain_text("Jag <b>skrek</b> inte.")
    expect(paper.locator("h3", has_text="Överenskommelser")).to_be_visible()
    expect(page.locator("#paper-findings")).not_to_contain_text("Måste redas ut")
    lit_when_pointed_at(page)
    change_a_sentence(page)
    unapproved = maria.context.request.get(f"{maria.address}{way_out(page, 'Word')}").body()
    assert b"UTKAST" in b"".join(zipfile.ZipFile(io.BytesIO(unapproved)).read(n) for n in names_in(unapproved))
    assert paper.locator(".hh-reserved .hh-own").count() == 0, "the decision is never filled in beforehand"
    page.locator("#field-assessment textarea").fill("Min egen bedömning.")
    page.locator("#paper-save").click()
    expect(paper.locator(".hh-reserved .hh-own")).to_contain_text("Min egen bedömning.")
    page.locator("#paper-approve").click()
    expect(page.locator("#paper-standing")).to_contain_text("Utkast")
    page.get_by_label("Jag har läst det som visas").check()
    page.locator("#paper-approve").click()
    expect(page.locator("#paper-standing")).to_contain_text("Godkänt")
    expect(page.locator("#paper-approve")).to_be_hidden()
    link = way_out(page, "JSON")
    out = maria.context.request.get(f"{maria.address}{link}")
    assert out.status == 200
    assert "Min egen bedömning." in json.dumps(out.json(), ensure_ascii=False)
    word = maria.context.request.get(f"{maria.address}{link}".replace("format=json", "format=docx"))
    assert b"UTKAST" not in b"".join(zipfile.ZipFile(io.BytesIO(word.body())).read(n) for n in names_in(word.body()))
    maria.unharmed()


def go_through(page: Page, waiting: int) -> None:
    """Answer everything that waits; the third of them is objected to."""
    shown = page.locator("#go-shown")
    expect(shown).to_contain_text("Uppgift 9 av 11")
    for number in range(1, waiting + 1):
        expect(shown).to_contain_text("Väntar på svar")
        answered(page)
        if number == 3:
            page.get_by_role("button", name="Stämmer inte enligt den det gäller").click()
            page.locator("#go-words textarea").fill("Jag <b>skrek</b> inte.")
            press_until_shown_anew(page, "#go-dispute")
        else:
            press_until_shown_anew(page, "#go-confirm")


def press_until_shown_anew(page: Page, button: str) -> None:
    """Press as a person does: again, if nothing happened.

    A button takes no second press while its first is under way, and for a few milliseconds after its answer is seen.
    """
    before = page.locator("#go-shown").inner_text()
    for _ in range(PATIENT_MS // A_MOMENT_MS):
        if page.locator("#go-shown").inner_text() == before:
            page.locator(button).click()
        try:
            page.wait_for_function(
                "before => document.querySelector('#go-shown').innerText !== before", arg=before, timeout=A_MOMENT_MS
            )
            return
        except NothingYet:
            continue
    raise AssertionError(f"{button} was pressed, and nothing happened")


def add_what_was_missed(page: Page) -> None:
    """What no reader found, by pointing at who said it and choosing what it shows."""
    page.get_by_role("button", name="Lägg till en uppgift eller spara ord ordagrant").click()
    choose(page, "#more-utterance", "fick pris på fotbollen")
    expect(page.locator("#more-words textarea")).to_have_value(re.compile("fick pris på fotbollen"))
    choose(page, "#more-factor", "Aktiv fritid")
    choose(page, "#more-about", "barnet")
    page.locator("#more-words textarea").fill("Emma fick pris på slottet")
    page.locator("#more-add").click()
    expect(page.locator(".toast-body").last).to_be_visible()
    expect(page.locator("#go-shown")).not_to_contain_text("slottet")
    answered(page)
    page.locator("#more-words textarea").fill("Emma fick pris på fotbollen i lördags")
    page.locator("#more-add").click()
    expect(page.locator("#go-shown")).to_contain_text("Emma fick pris på fotbollen i lördags")
    expect(page.locator("#go-shown")).to_contain_text("Bekräftad")
    expect(page.locator("#go-shown")).to_contain_text("av 11")


def keep_words(page: Page, heading: str, words: str) -> None:
    choose(page, "#more-utterance", words[:30])
    expect(page.locator("#more-words textarea")).to_have_value(re.compile(words))
    choose(page, "#more-heading", heading)
    page.locator("#more-keep").click()
    expect(page.locator("#more-kept")).to_contain_text(f"{heading}: ")


def choose(page: Page, place: str, text: str) -> None:
    """Type into one of Gradio's lists and take the first that fits."""
    field = page.locator(f"{place} input")
    field.evaluate("e => e.scrollIntoView({block: 'center'})")
    field.click()
    field.fill(text)
    page.locator(f"{place} [role=option]", has_text=text).first.click()


def lit_when_pointed_at(page: Page) -> None:
    """A sentence lights up with its source when the source is pointed at; the quote is seen without opening it."""
    sentence = page.locator("#paper .hh-sentence", has=page.locator("summary")).filter(has_text="Lyhörd").first
    summary = sentence.locator("summary").first
    plain = sentence.evaluate("e => getComputedStyle(e).backgroundColor")
    summary.hover()
    assert sentence.evaluate("e => getComputedStyle(e).backgroundColor") != plain
    expect(summary.locator(".hh-seen")).to_be_visible()
    expect(summary.locator(".hh-seen")).to_contain_text("Pappa har läst för oss två kvällar")
    summary.click()
    expect(sentence.locator(".hh-source").first).to_be_visible()


def change_a_sentence(page: Page) -> None:
    """One reworded with its source kept, one of her own, one left out with a reason; nothing without choosing first."""
    paper = page.locator("#paper")
    page.get_by_role("button", name="Ändra en mening").click()
    page.locator("#wording-save").click()
    expect(page.locator(".toast-body").last).to_contain_text("Tryck på Ändra vid den mening")

    def point_at(words: str) -> None:
        answered(page)  # the fields beside the paper are emptied a moment after it is shown anew
        paper.locator(".hh-sentence").filter(has_text=words).first.get_by_role("link", name="Ändra meningen").click()

    point_at("säger om fadern: ”Pappa har läst för oss två kvällar")
    field = page.locator("#wording-text textarea")
    expect(field).to_have_value(re.compile("Pappa har läst för oss två kvällar"))
    field.fill(field.input_value().replace("säger om fadern:", "berättar om fadern:"))
    page.locator("#wording-save").click()
    worded = paper.locator(".hh-sentence").filter(has_text="berättar om fadern: ”Pappa har läst för oss två kvällar")
    expect(worded.locator("summary").first).to_be_visible()
    point_at("berättar om fadern: ”Pappa har läst")
    expect(field).to_have_value(re.compile("berättar om fadern"))
    field.fill("Jag såg böckerna på bordet.")
    page.locator("#wording-add").click()
    expect(paper).to_contain_text("Jag såg böckerna på bordet.")
    point_at("Jag såg böckerna")
    expect(field).to_have_value("Jag såg böckerna på bordet.")
    page.locator("#wording-why textarea").fill("Hör inte hit.")
    page.locator("#wording-drop").click()
    expect(paper).not_to_contain_text("Jag såg böckerna på bordet.")
    expect(page.locator("#wording-ask")).to_be_hidden()


def way_out(page: Page, form: str) -> str:
    link = page.locator("#paper-standing a.hh-out", has_text=form).get_attribute("href")
    assert link is not None
    return link


def names_in(word: bytes) -> list[str]:
    return [name for name in zipfile.ZipFile(io.BytesIO(word)).namelist() if name.endswith(".xml")]


def test_the_chat_quotes_declines_and_says_what_is_not_there(maria: Visit) -> None:
    page = maria.page

    def ask(question: str, kind: str, nth: int = 0) -> str:
        answered(page)
        page.locator("#chat-asked textarea").fill(question)
        page.locator("#chat-send").click()
        answer = page.locator(f"#chat .hh-{kind}", has=page.locator(".hh-engine")).nth(nth)
        expect(answer).to_be_visible(timeout=PATIENT_MS)
        return answer.inner_text()

    told = ask("Vad säger Emma om fredagarna?", "answer", nth=0)
    assert re.search(r"Emma \(barn\), Skolbesök .*, \d\d:\d\d", told), told
    assert "Utan språkmodell" in told
    assert "talar sanning" in ask("Talar pappan sanning?", "declined")
    assert "Det finns inte i ärendet." in ask("Har de varit på semester i Grekland?", "not_there")
    answered(page)
    page.locator("#chat-asked textarea").fill("Vad stod på lappen?<img src=x onerror=\"document.title='trasig'\">")
    page.locator("#chat-send").click()
    expect(page.locator("#chat")).to_contain_text("på lappen")
    maria.unharmed()


def test_the_law_as_it_read_on_a_day_and_who_has_seen_the_case(maria: Visit) -> None:
    page = maria.page
    maria.tab("Lagen")
    page.locator("#law-asked").locator("textarea, input").fill("SoL 20 kap. 3 §")
    page.locator("#law-search").click()
    expect(page.locator("#law-shown")).to_contain_text("SoL 20 kap. 3 § (2025:400)")
    maria.tab("Vem har sett")
    page.locator("#seen-show").click()
    expect(page.locator("#seen-shown")).to_contain_text("öppnade ärendet")
    maria.unharmed()


def test_a_supervisor_sees_how_a_question_is_understood_before_it_is_counted(browser: Browser, address: str) -> None:
    visit = Visit(browser, address, "chef-barn")
    page = visit.page
    page.goto(f"{address}/chef/")
    year = datetime.now(UTC).year
    page.locator("#question textarea").fill("Hur många orosanmälningar fick vi i år per månad?")
    page.locator("#understand").click()
    expect(page.locator("#meaning")).to_contain_text("Antal orosanmälningar")
    expect(page.locator("#result .hh-number")).to_have_count(0)
    page.locator("#reason").locator("textarea, input").fill("kvartalsuppföljning")
    page.locator("#count").click()
    expect(page.locator("#result .hh-number")).to_be_visible(timeout=PATIENT_MS)
    answered(page)
    page.locator("#question textarea").fill("Och förra året?")
    page.locator("#understand").click()
    expect(page.locator("#meaning")).to_contain_text("ärvs från förra frågan")
    expect(page.locator("#meaning")).to_contain_text(f"{year - 1}-01-01 till {year - 1}-12-31, per månad.")
    page.locator("#anew").click()
    expect(page.locator("#meaning")).to_have_text("")
    answered(page)
    page.locator("#question textarea").fill("Vem av handläggarna är långsammast?")
    page.locator("#understand").click()
    expect(page.locator("#meaning")).to_contain_text("besvaras inte här")
    expect(page.locator("#count")).to_be_hidden()
    visit.unharmed()


def test_the_labels_in_english_by_a_switch_and_what_people_said_in_swedish(maria: Visit) -> None:
    page = maria.page
    page.locator(".hh-language").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("tab", name="Statements")).to_be_visible()
    expect(page.locator("#chat-send")).to_have_text("Ask")
    page.get_by_role("tab", name="Statements").click()
    said = page.locator("#facts blockquote").first
    expect(said).to_have_attribute("lang", "sv")
    expect(page.locator("#facts")).to_contain_text("Confirmed")
    expect(page.locator("#facts")).to_contain_text("Han gick dit själv")
    page.locator(".hh-language").click()
    expect(page.get_by_role("tab", name="Uppgifter")).to_be_visible()


def test_a_case_is_opened_and_a_tab_chosen_by_keyboard_alone(browser: Browser, address: str) -> None:
    visit = Visit(browser, address, "maria")
    page = visit.page
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{address}/handlaggare/")
    page.get_by_label("2026-0412 · Emma Ek").wait_for()
    tab_to(page, "e => e.type === 'radio'")
    page.keyboard.press("Space")
    expect(page.locator("#glance")).to_contain_text("Inga möten ännu.")
    tab_to(page, "e => e.getAttribute('role') === 'tab' && e.textContent.trim() === 'Uppgifter'")
    page.keyboard.press("Enter")
    expect(page.locator("#facts")).to_contain_text("uppgifter.")
    moving = "[...document.querySelectorAll('*')].filter(e => getComputedStyle(e).animationName !== 'none').length"
    assert page.evaluate(moving) == 0
    visit.unharmed()


def tab_to(page: Page, wanted: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(f"({wanted})(document.activeElement)"):
            return
    raise AssertionError("the keyboard does not reach it")


@pytest.mark.parametrize("width", [390, 640, 1280])
def test_nothing_runs_over_the_edge(browser: Browser, address: str, width: int) -> None:
    visit = Visit(browser, address, "maria", width)
    page = visit.page
    page.goto(f"{address}/handlaggare/")
    page.get_by_label("2026-0412 · Emma Ek").check()
    expect(page.locator("#glance .hh-timeline")).to_be_visible(timeout=PATIENT_MS)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1
    visit.context.close()
