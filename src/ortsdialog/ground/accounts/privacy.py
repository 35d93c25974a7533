"""What accounts holds about people: staff, and those who are invited. Residents have no account."""

from django.utils.translation import gettext_lazy as _

from ortsdialog.kernel.privacy import PersonalData

PERSONAL_DATA = [
    PersonalData(
        model="accounts.User",
        fields=("email", "name", "password", "is_active", "last_login", "date_joined"),
        why=_("People who work with the dialogue sign in, and their changes are recorded under their name."),
        kept_for=_("As long as the person works for the dialogue. A disabled account keeps its name in the log."),
        export=_("The person sees everything on her account page; the password is kept as a hash only."),
        destroy=_("The administrator deletes the account. Entries of the log keep the name for ten years."),
    ),
    PersonalData(
        model="accounts.RoleGrant",
        fields=("user", "role", "place", "programme", "granted_at"),
        why=_("The role says what a person may see and change, and where."),
        kept_for=_("Until the role is withdrawn."),
        export=_("The person sees her roles on her account page."),
        destroy=_("Withdrawing the role deletes it; the log says that it was held."),
    ),
    PersonalData(
        model="accounts.Invitation",
        fields=("email", "name", "role", "invited_by"),
        why=_("An invitation goes to one address and can be used once, within 14 days."),
        kept_for=_("90 days after it was accepted, withdrawn or has expired."),
        export=_("On request, by the administrator."),
        destroy=_("A daily job deletes old invitations."),
    ),
    PersonalData(
        model="usersessions.UserSession",
        fields=("user", "ip", "user_agent", "created_at", "last_seen_at"),
        why=_("A person sees where she is signed in, and can end it."),
        kept_for=_("Until she signs out, or the session has expired after 14 days."),
        export=_("The person sees her sessions on her account page."),
        destroy=_("Signing out deletes the session; a daily job deletes expired ones."),
    ),
    PersonalData(
        model="mfa.Authenticator",
        fields=("user", "type", "data", "created_at", "last_used_at"),
        why=_("The second factor protects what others have entrusted to the dialogue."),
        kept_for=_("Until the person removes it, or the account is deleted."),
        export=_("The person sees which factors she has set up; the secrets are not shown again."),
        destroy=_("Removing the factor deletes it."),
    ),
]
