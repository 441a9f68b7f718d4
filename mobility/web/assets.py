"""Style and scripts: served with a digest in their address, so kept for a year."""

import hashlib
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

FOLDER = Path(__file__).resolve().parent.parent / "static"


def init_assets(app: Flask) -> None:
    """Serve the folder, and give templates `asset("style.css")`."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            digest.update(path.read_bytes())
    prefix = f"/static/{digest.hexdigest()[:16]}/"
    app.add_template_global(lambda name: prefix + name, "asset")
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # Flask's documented way
        app.wsgi_app,
        root=FOLDER,
        prefix=prefix,
        allow_all_origins=False,
        immutable_file_test=lambda *_: True,
    )
