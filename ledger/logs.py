"""Logs without people: an allow-list of keys, the type of an error and never its words."""

import json
import logging
from typing import Any

from django.views.debug import SafeExceptionReporterFilter

from ledger.trail import request_id

ALLOWED = ("job", "tries", "parked", "count", "seconds", "status_code", "measure", "state")


class JsonFormatter(logging.Formatter):
    """One line of JSON an entry. Messages of Django's own loggers are dropped: they hold paths and values."""

    def format(self, record: logging.LogRecord) -> str:
        ours = record.name.startswith("community_solutions")
        entry: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage()
            if ours
            else record.msg
            if isinstance(record.msg, str) and not record.args
            else record.name,
            "request": request_id.get(),
        }
        entry |= {key: getattr(record, key) for key in ALLOWED if hasattr(record, key)}
        if record.exc_info and record.exc_info[0]:
            entry["error"] = record.exc_info[0].__name__
            entry["where"] = _where(record)
        return json.dumps(entry, default=str)


def _where(record: logging.LogRecord) -> list[str]:
    """File and line of the last frames; no source text, no values."""
    frames, step = [], record.exc_info[2] if record.exc_info else None
    while step:
        code = step.tb_frame.f_code
        frames.append(f"{'/'.join(code.co_filename.split('/')[-2:])}:{step.tb_lineno} {code.co_name}")
        step = step.tb_next
    return frames[-6:]


class NothingPersonal(SafeExceptionReporterFilter):
    """Error reports show no posted values and no local variables."""

    def is_active(self, request: Any) -> bool:
        return True

    def get_post_parameters(self, request: Any) -> dict[str, str]:
        return {}

    def get_traceback_frame_variables(self, request: Any, tb_frame: Any) -> list:
        return []
