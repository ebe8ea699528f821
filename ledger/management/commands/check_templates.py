"""Compile every template of ours: a misspelt tag or an unclosed block is found before anybody opens the page."""

from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.template import TemplateSyntaxError, engines
from django.template.utils import get_app_template_dirs


class Command(BaseCommand):
    """Compile every template of ours."""

    help = __doc__
    requires_system_checks = ()

    def handle(self, *args, **options):
        engine = engines["django"]
        ours = [folder for folder in get_app_template_dirs("templates") if settings.BASE_DIR in Path(folder).parents]
        ours = [folder for folder in ours if ".venv" not in Path(folder).parts]
        folders = [Path(folder) for folder in (*engine.dirs, *ours)]
        names = sorted(
            {str(path.relative_to(folder)) for folder in folders for path in folder.rglob("*.*") if path.is_file()}
        )
        wrong = []
        for name in names:
            try:
                engine.get_template(name)
            except (TemplateSyntaxError, UnicodeDecodeError) as fault:
                wrong.append(f"{name}: {fault}")
        if wrong:
            raise CommandError("These templates do not compile:\n" + "\n".join(wrong))
        self.stdout.write(f"All {len(names)} templates compile.")
