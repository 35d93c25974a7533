"""Sentences of allauth that the house says in its own words.

allauth's German speaks to people as "du", and some sentences help nobody. Django prefers the catalogues
of the project to those of its packages: a sentence that stands here is extracted into ours, is translated
there, and replaces allauth's. The sentences have to be allauth's, letter by letter; a test compares them.
"""

from django.utils.translation import gettext_lazy as _

WORDS = (
    _("Are you sure you want to sign out?"),
    _("Bad Token"),
    _("Be patient, you are sending too many requests."),
    _("Forgotten your password? Enter your email address below, and we'll send you an email allowing you to reset it."),
    _("Please contact us if you have any trouble resetting your password."),
    _("Please reauthenticate to safeguard your account."),
    _("Please type your current password."),
    _("Sign Up Closed"),
    _(
        "The password reset link was invalid, possibly because it has already been used.  "
        'Please request a <a href="%(passwd_reset_url)s">new password reset</a>.'
    ),
    _("We are sorry, but the sign up is currently closed."),
    _(
        "We have sent you an email. If you have not received it please check your spam folder. "
        "Otherwise contact us if you do not receive it in a few minutes."
    ),
    _("You are about to deactivate authenticator app based authentication. Are you sure?"),
    _("You are about to generate a new set of recovery codes for your account."),
    _("You are already logged in as %(user_display)s."),
    _("You have signed out."),
    _("You must type the same password each time."),
    _("Your password is now changed."),
)
