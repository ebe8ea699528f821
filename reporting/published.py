"""What others have published about Community Solutions in Barking and Dagenham: reference points with their sources.

They are never mixed with the borough's own figures, which are counted in another way.
"""

from dataclasses import dataclass

from reporting.charts import line_chart
from reporting.shown import Chart, Note, drawn

CASE_STUDY = "Wellbeing Economy Alliance, case study “Barking and Dagenham, UK – Public Service Transformation Programme” (weall.org)"
APSE = "Association for Public Service Excellence, “Making ‘early response’ the norm”, 2018 (apse.org.uk)"


@dataclass(frozen=True)
class Published:
    """A figure that somebody else published, as they put it."""

    label: str
    figure: str
    period: str
    source: str
    caveat: str


PUBLISHED = (
    Published(
        "In temporary accommodation",
        "About 1,960, down to just over 1,700 (-13%)",
        "October 2017 to August 2018",
        CASE_STUDY,
        "A stock. The source says people; councils count households. The Homelessness Reduction Act came into force on 3 April "
        "2018 with another way of counting, and the source says that the law played a part.",
    ),
    Published(
        "Placements in temporary accommodation",
        "Down by 17%",
        "First six months",
        APSE,
        "A flow: another measure than the one above. The number from which it fell is not published.",
    ),
    Published(
        "People through the safeguarding hub (MASH) who need high-intensity services",
        "34%, down to 24%",
        "Not stated",
        CASE_STUDY,
        "“Some emerging evidence”. Falls also when more low-level contacts come in or thresholds tighten.",
    ),
    Published(
        "Extra income for residents",
        "£600,000",
        "First six months",
        APSE,
        "Residents' money, not a saving of the council. Whether every award was confirmed is not stated.",
    ),
    Published(
        "Referrals into social care",
        "A reduction; no figure",
        "First six months",
        APSE,
        "Without a figure it cannot be compared with anything.",
    ),
    Published(
        "Agency staff in social work",
        "£150,000 less, every post filled permanently",
        "First six months",
        APSE,
        "May be part of the £1.8 million below: do not add them.",
    ),
    Published(
        "Base cost",
        "£1.8 million less",
        "First six months",
        APSE,
        "From buildings and staff together. What it cost to get there is not published.",
    ),
    Published(
        "Volunteers",
        "89, up to 259 (+191%)",
        "2017 to 2018",
        CASE_STUDY,
        "The source calls it difficult to attribute. Whether volunteers were active or only registered is not stated.",
    ),
    Published(
        "Restructure",
        "400 roles: 2 redundancies, 18 left for other posts, 1 appeal",
        "Within three months",
        APSE,
        "One event, not a trend.",
    ),
    Published(
        "Hard-to-fill roles",
        "Increasingly filled permanently; no figure",
        "Not stated",
        CASE_STUDY,
        "The view of two directors.",
    ),
)
MONTHS = (
    "Oct 2017",
    "Nov 2017",
    "Dec 2017",
    "Jan 2018",
    "Feb 2018",
    "Mar 2018",
    "Apr 2018",
    "May 2018",
    "Jun 2018",
    "Jul 2018",
    "Aug 2018",
)


def accommodation_chart() -> Chart:
    """The two published points of temporary accommodation, with the law that came between them."""
    values: list[float | None] = [1960, *[None] * 9, 1700]
    told = "About 1,960 in October 2017 and just over 1,700 in August 2018. The months between were not published."
    svg = drawn(
        line_chart,
        MONTHS,
        values,
        title="In temporary accommodation, as published",
        desc=told,
        uid="published-ta",
        brief=False,
        notes=[Note("Apr 2018", "Homelessness Reduction Act")],
        from_zero=True,
    )
    rows = [["October 2017", "about 1,960"], ["August 2018", "just over 1,700"]]
    note = "3 April 2018: the Homelessness Reduction Act came into force. Hollow marks are months without a published figure."
    return Chart(
        "published-ta", "In temporary accommodation, as published", told, svg, ["Month", "Published"], rows, note
    )
