"""Who may do what: role × action, as data.

Every view names one action (`gate.may`); views that are not ours are named in
`FOREIGN_VIEWS`. What is not in this table is refused. An administrator reads nobody's
words; a reviewer does not decide who is captured.
"""

from collections.abc import Mapping

ANYONE = "anyone"
SIGNED_IN = "signed_in"
REVIEWER = "reviewer"
ADMINISTRATOR = "administrator"

MATRIX: Mapping[str, frozenset[str]] = {
    # Open to all
    "account.sign_in": frozenset({ANYONE}),
    "preferences.set": frozenset({ANYONE}),
    # One's own account, whatever one's role
    "account.own": frozenset({SIGNED_IN}),
    "home.open": frozenset({SIGNED_IN}),
    # Work
    "today.read": frozenset({REVIEWER, ADMINISTRATOR}),
    "alerts.read": frozenset({REVIEWER}),
    "alerts.decide": frozenset({REVIEWER}),
    # Look
    "conversation.read": frozenset({REVIEWER}),
    "search.run": frozenset({REVIEWER}),
    "people.read": frozenset({REVIEWER, ADMINISTRATOR}),
    "people.manage": frozenset({ADMINISTRATOR}),
    "mandates.manage": frozenset({ADMINISTRATOR}),
    # Evidence
    "record.read": frozenset({REVIEWER, ADMINISTRATOR}),
    "record.verify": frozenset({REVIEWER, ADMINISTRATOR}),
}

FOREIGN_VIEWS: Mapping[str, str] = {
    "account_login": "account.sign_in",
    "account_logout": "account.sign_in",
    "account_inactive": "account.sign_in",
    "mfa_authenticate": "account.sign_in",
    "account_reauthenticate": "account.own",
    "account_change_password": "account.own",
    "account_set_password": "account.own",
    "mfa_index": "account.own",
    "mfa_reauthenticate": "account.own",
    "mfa_activate_totp": "account.own",
    "mfa_deactivate_totp": "account.own",
    "mfa_view_recovery_codes": "account.own",
    "mfa_generate_recovery_codes": "account.own",
    "mfa_download_recovery_codes": "account.own",
}


def allows(action: str, *, signed_in: bool, roles: frozenset[str]) -> bool:
    """Whether somebody with these roles may do `action`; an action that is not listed is nobody's."""
    allowed = MATRIX.get(action, frozenset())
    held = {ANYONE} | ({SIGNED_IN} | roles if signed_in else set())
    return not allowed.isdisjoint(held)
