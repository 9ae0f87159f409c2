<%
    def tidy(code):
        """The comments of autogenerate say nothing that a reader needs."""
        return "\n".join(line for line in code.splitlines() if "### " not in line).strip()
%>"""${message}."""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """Forward."""
    ${tidy(upgrades or "") or "pass"}


def downgrade() -> None:
    """Back."""
    ${tidy(downgrades or "") or "pass"}
