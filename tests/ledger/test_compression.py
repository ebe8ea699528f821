"""Pages are compressed for who asked on this site, never where another site can have asked (decision 17)."""

import gzip

import pytest

HERE = {"HTTP_ACCEPT_ENCODING": "gzip, deflate, br"}


@pytest.mark.parametrize(
    ("asked", "compressed"),
    [
        ({"HTTP_SEC_FETCH_SITE": "same-origin"}, True),
        ({"HTTP_SEC_FETCH_SITE": "none"}, True),
        ({"HTTP_SEC_FETCH_SITE": "cross-site"}, False),
        ({"HTTP_SEC_FETCH_SITE": "same-site"}, False),
        ({"HTTP_SEC_FETCH_SITE": "same-origin, none"}, False),
        ({}, False),
        ({"HTTP_SEC_FETCH_SITE": "none", "HTTP_ACCEPT_ENCODING": "br"}, False),
    ],
)
def test_only_what_no_other_site_can_ask_for_is_compressed(asked, compressed, sign_in, finn):
    answer = sign_in(finn).get("/triage", **HERE | asked)
    assert (answer.get("Content-Encoding") == "gzip") is compressed
    assert {"Accept-Encoding", "Sec-Fetch-Site"} <= set(answer["Vary"].split(", "))
    assert int(answer["Content-Length"]) == len(answer.content)
    assert b"Contacts waiting" in (gzip.decompress(answer.content) if compressed else answer.content)


def test_lengths_are_padded_and_files_are_left_alone(sign_in, gus, dev):
    here = HERE | {"HTTP_SEC_FETCH_SITE": "same-origin"}
    browser = sign_in(dev)
    assert len({len(browser.get("/help", **here).content) for _ in range(8)}) > 2
    file = browser.get("/dashboard.csv", **here)
    assert "Content-Encoding" not in file
