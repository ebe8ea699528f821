"""Rules about all rooms that are read off the source: each takes a parsed file and gives the places where it is broken.

`test_rules_can_fail.py` shows each of them a broken sample.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ["ledger", "accounts", "directory", "residents", "intake", "triage", "cases", "referrals", "reporting", "desk"]
MOST_LINES = 400
A_FEW = 20  # "about 400": nobody splits a file for the last ten lines


@dataclass(frozen=True)
class Source:
    """One file of ours, parsed."""

    path: str  # from the root, with forward slashes
    text: str

    @property
    def room(self) -> str:
        """The room it stands in."""
        return self.path.partition("/")[0]

    @property
    def lines(self) -> list[str]:
        """Its lines."""
        return self.text.splitlines()

    @property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return _parse(self.text)


@cache
def _parse(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def sources() -> tuple[Source, ...]:
    """Every file of our rooms and of the project, without migrations."""
    found = []
    for room in [*ROOMS, "community_solutions"]:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "/migrations/" not in name:
                found.append(Source(name, path.read_text(encoding="utf-8")))
    return tuple(found)


Broken = Iterator[tuple[int, str]]
Rule = Callable[[Source], Broken]


def breaches(rule: Rule, among: tuple[Source, ...] | None = None) -> list[str]:
    """Where a rule is broken, as `file:line: what`."""
    return [f"{s.path}:{line}: {what}" for s in (among or sources()) for line, what in rule(s)]


def _named(node: ast.AST) -> str:
    """The last part of the name that is called or used: `x.y.delay` is `delay`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _imports(source: Source) -> Iterator[tuple[ast.stmt, str, int]]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name, 0
        elif isinstance(node, ast.ImportFrom):
            yield node, node.module or "", node.level


def imports_point_down(source: Source) -> Broken:
    """A room imports rooms below it only, absolutely; and no room imports the project."""
    if source.room not in ROOMS:
        return
    here = ROOMS.index(source.room)
    for node, module, level in _imports(source):
        top = module.partition(".")[0]
        if level:
            yield node.lineno, "a relative import"
        elif top == "community_solutions":
            yield node.lineno, "a room imports the project"
        elif top in ROOMS and ROOMS.index(top) > here:
            yield node.lineno, f"{source.room} imports {top}, which stands above it"


def imports_stand_at_the_top(source: Source) -> Broken:
    """No import of a room inside a function, where the order of the rooms would not see it."""
    for function in ast.walk(source.tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                if any(name.partition(".")[0] in ROOMS for name in names):
                    yield node.lineno, "a room is imported inside a function"
                if isinstance(node, ast.Call) and _named(node.func) == "import_module":
                    yield node.lineno, "a module is imported by its name"


def no_save_overrides(source: Source) -> Broken:
    """What happens on writing stands in actions; `save` and `delete` stay Django's."""
    for cls in ast.walk(source.tree):
        if isinstance(cls, ast.ClassDef) and cls.bases:
            for node in cls.body:
                if isinstance(node, ast.FunctionDef) and node.name == "save" and source.path != "ledger/sessions.py":
                    yield node.lineno, f"{cls.name} overrides save()"


def no_signals(source: Source) -> Broken:
    """Nothing happens behind the back of a verb."""
    for node, module, _ in _imports(source):
        if "signals" in module.split(".") or module == "django.dispatch":
            # Sign-ins are announced by a signal and by nothing else.
            if module == "django.contrib.auth.signals" and source.path.endswith("apps.py"):
                continue
            if module == "allauth.account.signals" and source.room == "accounts":
                continue
            yield node.lineno, f"signals: {module}"


def work_goes_through_the_outbox(source: Source) -> Broken:
    """Nothing is dispatched but by `ledger.outbox`."""
    if source.path == "ledger/outbox.py":
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and _named(node.func) in {"delay", "apply_async", "send_task", "on_commit"}:
            yield node.lineno, f"{_named(node.func)}() outside the outbox"


def no_unescaped_text(source: Source) -> Broken:
    """`mark_safe` belongs to the components, which escape what they are given."""
    if source.path.startswith("ledger/templatetags/"):
        return
    for node in ast.walk(source.tree):
        called = isinstance(node, ast.Call) and _named(node.func) in {"SafeString", "SafeText"}
        if called or (isinstance(node, ast.Name | ast.Attribute) and _named(node) == "mark_safe"):
            yield node.lineno, "text that is not escaped"


def every_form_checks_its_token(source: Source) -> Broken:
    """No view is exempt from the token."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name | ast.Attribute) and _named(node) == "csrf_exempt":
            yield node.lineno, "csrf_exempt"


def no_generic_keys(source: Source) -> Broken:
    """No generic foreign keys."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name | ast.Attribute) and _named(node) in {"GenericForeignKey", "GenericRelation"}:
            yield node.lineno, _named(node)


def cascades_say_why(source: Source) -> Broken:
    """CASCADE needs a comment with the reason: `# cascade: …` on the statement."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr == "CASCADE":
            near = source.lines[max(0, node.lineno - 3) : node.lineno + 3]
            if not any("# cascade:" in line for line in near):
                yield node.lineno, "CASCADE without a reason"


def _is_actions(path: str) -> bool:
    return path.endswith("/actions.py") or ("/actions/" in path and not path.endswith("__init__.py"))


def actions_have_one_shape(source: Source) -> Broken:
    """A verb takes at most its subject by position and the rest by name, and says who does it, or for whom."""
    if not _is_actions(source.path):
        return
    for node in source.tree.body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_") or not _is_verb(node):
            continue
        if len(node.args.posonlyargs + node.args.args) > 1:
            yield node.lineno, f"{node.name} takes more than its subject by position"
        if "by" not in {arg.arg for arg in node.args.kwonlyargs}:
            yield node.lineno, f"{node.name} does not say who does it (by, by name only)"
        if not ast.get_docstring(node):
            yield node.lineno, f"{node.name} has no docstring"
        if node.returns is None:
            yield node.lineno, f"{node.name} does not say what it returns"


def _is_verb(node: ast.FunctionDef) -> bool:
    """A verb is what opens a transaction of its own; the rest of the module helps it."""
    for decorator in node.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        if _named(target) == "atomic":
            return True
    return False


def public_names_are_explained(source: Source) -> Broken:
    """Every module, public class and public function has a docstring; tests of shape ask for no more."""
    if not ast.get_docstring(source.tree) and source.text.strip():
        yield 1, "the module has no docstring"
    yield from _unexplained(source.tree.body, "")


_PLAIN = {"Meta", "Command"}
_KNOWN = {"clean", "handle", "add_arguments", "ready", "get_context", "format", "__init__", "__str__", "deconstruct"}


def _unexplained(body: list[ast.stmt], inside: str) -> Broken:
    for node in body:
        if isinstance(node, ast.ClassDef) and node.name not in _PLAIN and not node.name.startswith("_"):
            if not ast.get_docstring(node) and not _is_choices(node):
                yield node.lineno, f"{inside}{node.name} has no docstring"
            if not inside:
                yield from _unexplained(node.body, f"{node.name}.")
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.name not in _KNOWN:
            overrides = (bool(inside) and not _is_ours(node)) or _is_a_rule_of_triage(node)
            if not ast.get_docstring(node) and not overrides:
                yield node.lineno, f"{inside}{node.name} has no docstring"


def _is_choices(node: ast.ClassDef) -> bool:
    return any("Choices" in ast.unparse(base) for base in node.bases)


def _is_a_rule_of_triage(node: ast.FunctionDef) -> bool:
    """A rule of triage is explained in the reviewed table that names it."""
    return node.returns is not None and ast.unparse(node.returns) == "Fired | None"


def _is_ours(node: ast.FunctionDef) -> bool:
    """Methods that frameworks call carry their framework's meaning; ours carry annotations and words."""
    return node.name in {"visible_to", "about"}


def files_stay_small(source: Source) -> Broken:
    """400 lines, then split by noun."""
    if len(source.lines) > MOST_LINES + A_FEW:
        yield MOST_LINES, f"{len(source.lines)} lines"


def views_begin_at_the_door(source: Source, guarded: frozenset[str] = frozenset()) -> Broken:
    """In views no bare `.objects.` on a model with people in it: every question begins with `visible_to`."""
    if "/views" not in source.path and "/templatetags/" not in source.path:
        return
    for function in ast.walk(source.tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in ast.walk(function):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Attribute)
                and node.value.attr == "objects"
                and isinstance(node.value.value, ast.Name)
                and node.value.value.id in guarded
                and node.attr not in ("visible_to", "visible_one")
            ):
                yield node.lineno, f"{function.name} asks {node.value.value.id}.objects.{node.attr}, not visible_to"


def statuses_move_by_advance(source: Source) -> Broken:
    """A status is changed by `advance` and by nothing else."""
    if source.path == "ledger/moves.py" or source.room == "community_solutions":
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr == "status":
                    yield node.lineno, "a status is set by hand"
        called = isinstance(node, ast.Call) and _named(node.func) == "update"
        if called and any(keyword.arg == "status" for keyword in node.keywords):
            yield node.lineno, "a status is changed by update()"


WAYS = re.compile(r"(^|__)(phones|emails|safe_to_\w+)(__|$)")
SENDS = {"django.core.mail", "smtplib", "email.message"}


def ways_to_people_are_asked_of_reach(source: Source) -> Broken:
    """Who sends, prints or shows a way to a resident asks `residents.reach`, which knows what is safe.

    Their own room keeps the numbers and the borough invents them; there only what sends is held to it. The directory's are of
    services, and changesets compare what is on record with a file.
    """
    if source.path == "residents/reach.py" or source.path.startswith(
        ("desk/borough/", "community_solutions/", "directory/", "intake/changesets/")
    ):
        return
    imports = list(_imports(source))
    if source.room == "residents" and not any(module in SENDS for _, module, _ in imports):
        return
    for node, module, _ in imports:
        if isinstance(node, ast.ImportFrom) and module.startswith("residents.models"):
            for name in {alias.name for alias in node.names} & {"Phone", "EmailAddress"}:
                yield node.lineno, f"{name} is read past residents.reach"
    for node in ast.walk(source.tree):
        named = getattr(node, "attr", None) or getattr(node, "arg", None) or getattr(node, "value", None)
        if isinstance(named, str) and WAYS.search(named):
            yield node.lineno, f"{named} is read past residents.reach"


EVERYWHERE: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        imports_point_down,
        imports_stand_at_the_top,
        no_save_overrides,
        no_signals,
        work_goes_through_the_outbox,
        no_unescaped_text,
        every_form_checks_its_token,
        no_generic_keys,
        cascades_say_why,
        actions_have_one_shape,
        public_names_are_explained,
        files_stay_small,
        statuses_move_by_advance,
        ways_to_people_are_asked_of_reach,
    )
}
