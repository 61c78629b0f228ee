"""Databases for tests that make tables."""

from __future__ import annotations


class own_database:
    """A context manager that gives the URL of an empty database: for PostgreSQL a new one on the server, dropped at the end."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __enter__(self) -> str:
        if self.url.startswith("sqlite"):
            return self.url
        import uuid

        from sqlalchemy import make_url

        self.name = f"wares_test_{uuid.uuid4().hex[:12]}"
        self._on_server(f"CREATE DATABASE {self.name}")
        return make_url(self.url).set(database=self.name).render_as_string(hide_password=False)

    def __exit__(self, *_: object) -> None:
        if not self.url.startswith("sqlite"):
            self._on_server(f"DROP DATABASE {self.name} WITH (FORCE)")

    def _on_server(self, statement: str) -> None:
        from sqlalchemy import create_engine, text

        server = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(statement))
        server.dispose()
