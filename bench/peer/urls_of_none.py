"""No addresses: stock forms ask for a project's, and have none to name."""

urlpatterns: list[object] = []
