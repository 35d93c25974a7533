"""The part that Django looks for by this name: the connection."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Looks at a connection from the pool before it is used; where it is dead, the others are taken to be so too."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        pool = self.pool
        if pool is None or self._lives(connection):
            return connection
        # First the others: what is opened instead of them must be younger than that.
        pool.drain()
        pool.putconn(connection)
        return super().get_new_connection(conn_params)

    def _lives(self, connection: Any) -> bool:
        try:
            self.pool.check_connection(connection)
        except self.Database.Error:
            return False
        return True
