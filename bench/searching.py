"""Finding people: the product's search beside what else one might build, on boroughs and on registers of other names.

Tuned on register 1 with questions of seed 11 at 220,000; reported on register 2 with questions of seed 99, and on the boroughs.
"""

from collections import defaultdict
from typing import Any

from bench import asking, boroughs, ground, table
from bench.boroughs import Borough
from bench.figures import Verdict, percentile

REGISTER = 2
"""The register that is reported; the product was tuned on register 1."""
QUESTIONS = 1_000
WORDS = {
    "product": "keys and re-rank (the product)", "page": "the same with all that its page needs", "icontains": "`icontains`",
    "full_text": "full text with prefixes", "primary_key": "primary-key lookup (the limit)",
}  # fmt: skip
BESIDE = ("product", "page", "icontains", "full_text", "primary_key")
RECALL_TEN, RECALL_ONE, WITH_BIRTH, KEYS, FLAT, WRITING = 0.985, 0.93, 0.995, 40.0, 1.5, 3.0
MADE_BY = ("bench/townsfolk.py", "bench/register.py", "residents/keys.py", "residents/names.py", "residents/short_names.py", "residents/search_rows.py")  # fmt: skip


def measure(towns: list[Borough], *, questions: int = QUESTIONS) -> dict[str, Any]:
    """Ask registers and boroughs of each size, in turn; the largest register is held to the limits."""
    sizes = [town.residents for town in towns]
    places = [(f"register of {size:,}", ready(size), size) for size in sizes]
    places += [(f"borough of {town.residents:,}", town.env, town.residents) for town in towns]
    tables, verdicts, seen = [], [], {}
    for name, env, size in places:
        ground.say(f"search: {name}")
        engines = BESIDE if size == sizes[-1] else ("product", "page", "primary_key")
        found = ground.inside(env, "bench.finding", questions, asking.REPORTED, ",".join(engines))
        seen[name] = found
        title = f"Search, {name}: {questions:,} questions of seed {asking.REPORTED}"
        title += f", register {REGISTER} (tuned on register 1, seed {asking.TUNED})" if "register" in name else ""
        tables.append((title, ["", "recall@1", "recall@10", "p50 ms", "p95 ms"], rows_of(found, engines)))
        if size == sizes[-1]:
            tables.append(
                (f"Recall of the product by kind, {name}", ["kind", "n", "recall@1", "recall@10"], by_kind(found))
            )
            verdicts += held(name, found, recall="register" in name)
    for what in ("register", "borough"):
        small, large = (seen[f"{what} of {size:,}"] for size in (sizes[0], sizes[-1]))
        if len(sizes) > 1:
            verdicts += flat(what, small, large)
    return {"verdicts": table.as_verdicts(verdicts), "tables": tables}


def ready(number: int, seed: int = REGISTER) -> dict[str, str]:
    """The register of this size, made where it is missing or was made by other code."""
    name, want = f"bench_register_{number}_{seed}", boroughs.digest(*MADE_BY) + boroughs.schema()
    if ground.mark(name) == want:
        return ground.database(name)
    ground.say(f"making a register of {number:,} people ({name})")
    ground.drop(name)
    env = ground.database(name)
    ground.command(env, "migrate", "--verbosity", 0)
    ground.say(f"made: {ground.inside(env, 'bench.register', number, seed)}")
    with ground.operator(name) as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    ground.set_mark(name, want)
    return env


def rows_of(found: dict[str, Any], engines: tuple[str, ...]) -> list[list[str]]:
    """The table: an engine a line."""
    lines = []
    for name in engines:
        places, ms = found["places"][name], found["ms"][name]
        recall = ["", ""] if name == "primary_key" else [f"{share(places, 1):.3f}", f"{share(places, 10):.3f}"]
        lines.append([WORDS[name], *recall, f"{percentile(ms, 0.5):.1f}", f"{percentile(ms, 0.95):.1f}"])
    return lines


def share(places: list[int], first: int) -> float:
    """How many of the right people stood among the first so many."""
    return sum(0 < place <= first for place in places) / max(1, len(places))


def by_kind(found: dict[str, Any]) -> list[list[str]]:
    """Recall by what was typed, and by what was wrong with it."""
    kinds: dict[str, list[int]] = defaultdict(list)
    for question, place in zip(found["asked"], found["places"]["product"], strict=True):
        kinds[question["kind"]].append(place)
        for noise in question["noise"] or ["nothing wrong"]:
            kinds[f"with {noise}"].append(place)
    kinds = dict(sorted(kinds.items(), key=lambda one: (one[0].startswith("with "), one[0])))
    return [
        [kind, str(len(places)), f"{share(places, 1):.3f}", f"{share(places, 10):.3f}"]
        for kind, places in kinds.items()
    ]


def held(name: str, found: dict[str, Any], *, recall: bool) -> list[Verdict]:
    """What the largest of each is held to. A borough repeats its few names a hundredfold: its recall is shown, and not held."""
    places, ms = found["places"]["product"], found["ms"]
    pairs = zip(found["asked"], places, strict=True)
    births = [place for question, place in pairs if question["kind"] in ("name and birth", "name, birth and postcode")]
    limits = [
        Verdict("search", f"Search, {name}: recall@10", round(share(places, 10), 4), RECALL_TEN, "", at_least=True),
        Verdict("search", f"Search, {name}: recall@1", round(share(places, 1), 4), RECALL_ONE, "", at_least=True),
    ]
    times = percentile(ms["product"], 0.95) / percentile(ms["primary_key"], 0.5)
    writing = percentile(found["writing"]["found"], 0.5) / percentile(found["writing"]["plain"], 0.5)
    return [
        *(limits if recall else []),
        Verdict("search", f"Search, {name}: recall@10 of name with birth", round(share(births, 10), 4), WITH_BIRTH, "", at_least=True),
        Verdict("search", f"Search, {name}: p95 v the median primary-key lookup", round(times, 2), KEYS),
        Verdict("search", f"Writing a resident who can be found v a plain insert, {name}", round(writing, 2), WRITING),
    ]  # fmt: skip


def flat(what: str, small: dict[str, Any], large: dict[str, Any]) -> list[Verdict]:
    """Whether a search costs the same among ten times as many."""
    buffers = percentile(large["buffers"], 0.5) / percentile(small["buffers"], 0.5)
    times = percentile(large["ms"]["product"], 0.95) / percentile(small["ms"]["product"], 0.95)
    return [
        Verdict("search", f"Search, {what}: buffers, larger v smaller", round(buffers, 2), FLAT),
        Verdict("search", f"Search, {what}: p95, larger v smaller", round(times, 2), FLAT),
    ]
