"""Every word of a picture can be read at every width: none is small, cut, or over another, and nothing slides sideways."""

from pathlib import Path

import pytest

from reporting import charts
from tests import chromium

ROOT = Path(__file__).resolve().parents[2]
MONTHS = [f"{month} {year}" for year in (2023, 2024, 2025, 2026) for month in ("Jan", "Apr", "Jul", "Sep")]
SHEETS = ("vendor/govuk-moj.css", "vendor/govuk-moj-wide.css", "site/app.css")
TIERS = ["Access", "Universal", "Triage", "Support", "Intervention"]
ENDS = ["Not with us", *TIERS]
FIRST, LAST = (
    charts.Note("Apr 2023", "Opened with many words about it"),
    charts.Note("Jul 2026", "Nearly the last of them"),
)
FLOWS = {
    "flow": [(start, end, 40 + 7 * start * end) for start in range(6) for end in range(6)],
    "one": [(5, 5, 12)],
    "small": [(3, 4, 12), (3, 3, 5000), (4, 5, 6), (5, 4, 5), (0, 3, 9)],
}
SEEN = """() => [...document.querySelectorAll("figure")].flatMap((figure) => {
  const shown = [...figure.querySelectorAll("svg")].filter((one) => one.getBoundingClientRect().width);
  if (shown.length !== 1) return [`${figure.id}: ${shown.length} drawings are shown`];
  const box = shown[0].getBoundingClientRect(), scale = box.width / shown[0].viewBox.baseVal.width, wrong = [];
  const words = [...shown[0].querySelectorAll("text")].map((one) => (
    { said: one.textContent, place: one.getBoundingClientRect(), size: parseFloat(getComputedStyle(one).fontSize) * scale }));
  const tell = (what, ...who) => wrong.push(`${figure.id}: ${what}: ${who.map((one) => one.said).join(", ")}`);
  for (const [number, one] of words.entries()) {
    const { left, right, top, bottom } = one.place;
    if (one.size < 11) tell(`${one.size} pixels high`, one);
    if (left < box.left - 1 || right > box.right + 1 || top < box.top - 1 || bottom > box.bottom + 1) tell("cut", one);
    for (const { said, place } of words.slice(number + 1)) {
      if (left < place.right - 1 && place.left < right - 1 && top < place.bottom - 5 && place.top < bottom - 5) tell("over", one, { said });
    }
  }
  const room = figure.querySelector(".app-chart__scroll");
  if (room.scrollWidth > room.clientWidth) wrong.push(`${figure.id} slides`);
  return wrong;
})"""


def pictures(brief: bool) -> dict[str, str]:
    words = {"title": "A picture", "desc": "What it shows", "brief": brief}
    lines = {
        "share": (
            [0.4, 0.61, None, 0.5] * 4,
            {"baseline": 0.45, "target": 0.6, "show": charts.share, "smallest": 0.01},
        ),
        "count": ([1960 - 20 * one for one in range(16)], {"baseline": 1960, "target": 1700}),
        "few": ([38, 50, 43, 40] * 4, {"baseline": 43}),
        "pounds": ([90_000 * one for one in range(16)], {"baseline": 1_234_567, "show": charts.money}),
    }
    found = {
        name: charts.drawn(charts.line_chart, MONTHS, values, uid=name, notes=[FIRST, LAST], **words | more)
        for name, (values, more) in lines.items()
    }
    found["parts"] = charts.drawn(charts.stacked_bars, MONTHS, [[900, 5, 7, 5, 300]] * 16, TIERS, uid="parts", **words)
    for name, flows in FLOWS.items():
        about = words | {"uid": name, "before": "Start of Sep 2026", "after": "End of the month"}
        found[name] = charts.drawn(charts.tier_movement, ENDS, flows, **about)
    return found


@pytest.mark.parametrize("brief", [True, False])
def test_every_word_of_a_picture_can_be_read_at_every_width(brief):
    css = "".join((ROOT / "static" / name).read_text() for name in SHEETS)
    figures = "".join(
        f'<figure class="app-chart" id="{uid}"><div class="app-chart__scroll">{svg}</div></figure>'
        for uid, svg in pictures(brief).items()
    )
    page = chromium.browser().new_page()
    page.set_content(f'<style>{css}</style><main class="govuk-width-container">{figures}</main>')
    for width in (320, 375, 640, 642, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(SEEN) == [], width
        assert page.get_by_role("img", name="A picture").count() == len(pictures(brief)), "one for readers too"
    page.close()
