"""Runs the migrations; loads alembic, so import it only when there is something to run."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

import migrations

FOLDER = Path(migrations.__file__).parent


def configuration(connection: Connection, folder: Path = FOLDER) -> Config:
    """An alembic configuration for this connection; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def run_revisions(connection: Connection, target: str) -> None:
    """Run what is missing up to `target` in the connection's transaction."""
    command.upgrade(configuration(connection, FOLDER), target)
