"""Entry point of web servers: `wsgi:app`."""

from mobility.app import create_app

app = create_app()
