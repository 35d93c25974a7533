from django.urls import path

from ortsdialog.ground.accounts.web import account, desk, public

app_name = "accounts"

urlpatterns = [
    path("konto/", account.account_home, name="home"),
    path("konto/ueberall-abmelden/", account.sessions_end, name="sessions-end"),
    # Stands before allauth's address of the same name, and replaces it.
    path("konto/email/", account.email_fixed, name="email-fixed"),
    path("konto/einladung/<str:token>/", public.invitation, name="invitation"),
    path("schreibtisch/<slug:place>/team/", desk.team, name="team"),
    path("schreibtisch/<slug:place>/team/rollen/<int:pk>/entziehen/", desk.role_withdraw, name="role-withdraw"),
    path(
        "schreibtisch/<slug:place>/team/einladungen/<int:pk>/zurueckziehen/",
        desk.invitation_withdraw,
        name="invitation-withdraw",
    ),
]
