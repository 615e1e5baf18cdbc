"""What demo plugs into the product: its commands, and the sign-ins to show while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.demo import commands
from app.demo.signins import PASSPHRASE, SIGN_INS

if TYPE_CHECKING:
    from app.web.house import House


def plug(house: House) -> None:
    """Plug the commands in; in a demonstration, tell templates how anyone can sign in."""
    house.commands(commands.demo)
    is_demo = house.app.extensions["settings"].demo
    house.app.jinja_env.globals.update(
        demo_sign_ins=SIGN_INS if is_demo else (), demo_passphrase=PASSPHRASE if is_demo else ""
    )
