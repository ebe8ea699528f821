"""Build the design system's style sheet and script from the locked npm packages: python build.py OUT.

Run by ./dev (and by the image) with `node` and `npm` on the path; needs nothing but Python's standard library.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SASS = ["--load-path=node_modules", "--load-path=.", "--quiet-deps", "--quiet", "--style=compressed", "--no-source-map"]
ESBUILD = ["--bundle", "--minify", "--format=esm", "--target=es2020", "--legal-comments=none", "--log-level=warning"]

WIDE = 40.0625  # em: from here on windows are wide, as the link in templates/_parts/clothes.html says

# Neither package carries a licence file, so the notice that MIT asks for is written beside what was built from them.
NOTICE = """{name} {version}
{holder}

The MIT License (MIT)

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""
HOLDERS = {
    "govuk-frontend": "Copyright (c) Crown copyright (Government Digital Service)",
    "@ministryofjustice/frontend": "Copyright (c) Crown copyright (Ministry of Justice)",
}


def run(folder: Path, *line: str) -> None:
    """Run one step in the folder; where it fails, stop with what it said."""
    done = subprocess.run(line, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{done.stdout}{done.stderr}\nThis step failed: {' '.join(line)}")


def clean(css: str) -> str:
    """The style sheet without the royal arms, which are not a council's to show; stops if a trace of them is left."""
    css, removed = re.subn(r"\.govuk-footer__copyright-logo::before\{[^{}]*\}", "", css)
    left = [word for word in ("govuk-crest", "GDS Transport", "@font-face") if word in css]
    if not removed or left:
        sys.exit(f"The style sheet is not as expected: crest rules removed {removed}, still there: {left}.")
    return css


def apart(css: str) -> dict[str, str]:
    """The style sheet in three: for every page, for wide windows, for paper. A phone's first picture waits for the first of them only.

    Rules of a kind keep their order. The sheets are worn in this order, so a wide rule comes after all that hold everywhere.
    """
    kinds: dict[str, list[str]] = {"": [], "-wide": [], "-print": []}
    depth = begins = 0
    for at, sign in enumerate(css):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if sign in "};" and not depth:
            rule, begins = css[begins : at + 1], at + 1
            condition = re.match(r"@media ?([^{]+)\{", rule)
            asked = re.split(r" ?and ?", condition[1]) if condition else [""]
            least = [re.fullmatch(r"screen|\(min-width: ?([\d.]+)em\)", one) for one in asked]
            wide = all(least) and max(float(one[1] or 0) for one in least if one) >= WIDE
            kinds["-wide" if wide else "-print" if asked == ["print"] else ""].append(rule)
    if depth or css[begins:].strip():
        sys.exit("The style sheet does not end where its last rule ends.")
    return {kind: "".join(rules) for kind, rules in kinds.items()}


def build(out: Path) -> None:
    """Build everything beside `out`, then put it in place whole."""
    with tempfile.TemporaryDirectory(prefix="cs-frontend-") as name:
        work, made = Path(name), Path(name) / "made"
        for source in ("package.json", "package-lock.json", "app.scss", "app.mjs"):
            shutil.copy(HERE / source, work)
        made.mkdir()
        run(work, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        run(work, "node", "node_modules/sass/sass.js", *SASS, "app.scss", "made/govuk-moj.css")
        run(work, "node", "node_modules/esbuild/bin/esbuild", "app.mjs", *ESBUILD, "--outfile=made/govuk-moj.js")
        style = made / "govuk-moj.css"
        css = clean(style.read_text(encoding="utf-8"))
        for kind, rules in apart(css).items():
            (made / f"govuk-moj{kind}.css").write_text(rules, encoding="utf-8")
        (made / "images").mkdir()
        for image in sorted(set(re.findall(r'url\("?\./images/([^")]+)"?\)', css))):
            shutil.copy(work / "node_modules/@ministryofjustice/frontend/moj/assets/images" / image, made / "images")
        locked = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
        for package, holder in HOLDERS.items():
            text = NOTICE.format(name=package, version=locked[f"node_modules/{package}"]["version"], holder=holder)
            (made / f"LICENCE-{package.strip('@').replace('/', '-')}.txt").write_text(text, encoding="utf-8")
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(made, out)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    build(Path(sys.argv[1]).resolve())
