"""The database backend: at the start of each outermost transaction it sets the signed acting context, LOCAL to it."""

from django.db.backends.postgresql import base

from ledger import acting


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL, with one extra statement a transaction."""

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)
        if not autocommit and (who := acting.current()):
            with self.connection.cursor() as cursor:
                cursor.execute("SELECT set_config('cs.acting', %s, true)", [who.token()])
