"""The WSGI entry point: `flask --app wsgi …`, `gunicorn wsgi:app`."""

from app.factory import create_app

app = create_app()
