"""The WSGI entry point: `flask --app wsgi …`, `gunicorn wsgi:app`."""

import gc

from app.factory import create_app

app = create_app()

# What stands now stands as long as the process: the collector need not look at it again and again.
gc.freeze()
