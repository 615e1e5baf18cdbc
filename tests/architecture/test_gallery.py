"""The book of photographs asks the product about its addresses, under the settings it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tools.gallery import states

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("demo", [True, False])
def test_the_gallery_can_ask_the_product(tmp_path: Path, demo: bool) -> None:
    """A copy is opened with settings that the product accepts."""
    app = states.app_of(tmp_path, demo=demo)

    assert app.extensions["settings"].instance_path == tmp_path
    assert "pages.home" in app.view_functions
