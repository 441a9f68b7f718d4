"""Entry point of web servers: `wsgi:app`."""

from mobility.app import create_app, settle_heap

app = create_app()
settle_heap()
