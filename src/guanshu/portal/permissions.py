"""Who may enter which part of the site: one table. Finer rights (whose report, which action) are for the operations."""

from dataclasses import dataclass

from guanshu.portal.models import Role


@dataclass(frozen=True, slots=True)
class Area:
    """A prefix of addresses and the roles that may enter; `roles` None means everybody, logged in or not."""

    prefix: str
    roles: frozenset[str] | None


def _only(*roles: Role) -> frozenset[str]:
    return frozenset(role.value for role in roles)


EVERYBODY = None
ANY_ACCOUNT = frozenset(Role.values)

# The longest prefix that fits decides. An address under no prefix does not exist for anybody: a new area must be named.
AREAS: tuple[Area, ...] = (
    Area("/museum/", _only(Role.FILLER, Role.REVIEWER)),
    Area("/province/", _only(Role.PROVINCE)),
    Area("/national/", _only(Role.SYSTEM, Role.NATIONAL_VIEWER)),
    Area("/national/accounts/", _only(Role.SYSTEM)),
    Area("/national/campaign/", _only(Role.SYSTEM)),
    Area("/national/notices/", _only(Role.SYSTEM)),
    Area("/national/publications/", _only(Role.SYSTEM)),
    Area("/operations/", _only(Role.OPERATIONS)),
    Area("/national/administrators/", _only(Role.SYSTEM)),
    Area("/city/", _only(Role.CITY_VIEWER)),
    Area("/free/", _only(Role.FREE_REVIEWER)),
    # The trail is the auditor's alone; whoever runs the system does not even see it.
    Area("/audit/", _only(Role.AUDITOR)),
    # Whoever reads reports; whose report it is, is asked for every file.
    Area(
        "/files/",
        _only(
            Role.FILLER,
            Role.REVIEWER,
            Role.PROVINCE,
            Role.CITY_VIEWER,
            Role.SYSTEM,
            Role.NATIONAL_VIEWER,
            Role.FREE_REVIEWER,
        ),
    ),
    # Whose job it is, is asked for each.
    Area("/jobs/", ANY_ACCOUNT),
    Area("/password/", ANY_ACCOUNT),
    Area("/second-factor/", ANY_ACCOUNT),
    Area("/sessions/", ANY_ACCOUNT),
    Area("/password-reset/", EVERYBODY),
    Area("/login/", EVERYBODY),
    Area("/logout/", EVERYBODY),
    Area("/static/", EVERYBODY),
    Area("/notices/", EVERYBODY),
    Area("/guide/", EVERYBODY),
    Area("/publications/", EVERYBODY),
    Area("/verify/", EVERYBODY),
    # As printed codes hold it.
    Area("/VERIFY/", EVERYBODY),
    # In the demo only; the page itself does not exist elsewhere.
    Area("/outbox/", EVERYBODY),
    Area("/healthz", EVERYBODY),
    Area("/readyz", EVERYBODY),
)
_FRONT_DOOR = Area("/", EVERYBODY)

# Where each role lands after logging in.
_HOMES = {
    Role.FILLER.value: "/museum/",
    Role.REVIEWER.value: "/museum/",
    Role.PROVINCE.value: "/province/status/",
    Role.SYSTEM.value: "/national/",
    Role.NATIONAL_VIEWER.value: "/national/",
    Role.OPERATIONS.value: "/operations/",
    Role.FREE_REVIEWER.value: "/free/",
    Role.CITY_VIEWER.value: "/city/",
    Role.AUDITOR.value: "/audit/",
}

# An account with an initial password gets no further than these until it has chosen its own.
BEFORE_PASSWORD_CHANGE = ("/password/", "/logout/", "/static/", "/healthz", "/readyz")
# And one that needs a second factor no further than these until it has one.
BEFORE_SECOND_FACTOR = (*BEFORE_PASSWORD_CHANGE, "/second-factor/")
# Whom a password alone does not let in (product §1: what opens the whole country); the province by setting.
SECOND_FACTOR_ROLES = _only(Role.SYSTEM, Role.AUDITOR, Role.OPERATIONS, Role.NATIONAL_VIEWER, Role.FREE_REVIEWER)


def area_of(path: str) -> Area | None:
    """Return the area an address lies in, or None when no area is named for it."""
    # No number or name holds a NUL, and PostgreSQL takes none.
    if "\x00" in path:
        return None
    if path == "/":
        return _FRONT_DOOR
    fitting = [area for area in AREAS if path.startswith(area.prefix)]
    return max(fitting, key=lambda area: len(area.prefix), default=None)


def home_of(role: str) -> str:
    """Return the page a role starts on; roles without pages of their own yet start on the public home page."""
    return _HOMES.get(role, "/")
