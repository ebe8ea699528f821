"""The end of a session: a page that has been idle warns first, and these are what its warning asks for."""

import time

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.access import StaffRequest, roles
from accounts.models import Role
from accounts.sessions import time_out


@roles(*Role, methods=("POST",))
def stay(request: StaffRequest) -> HttpResponse:
    """Begin the idle time anew. Says how many seconds are left."""
    request.session["seen"] = int(time.time())
    return JsonResponse({"left": settings.SESSION_IDLE_SECONDS})


@roles(*Role, methods=("POST",))
def end(request: StaffRequest) -> HttpResponse:
    """Sign out whoever did not answer the warning, and say what was kept and where they go on."""
    back = request.POST.get("next", "")
    local = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return time_out(request, back=back[:300] if local else "/")
