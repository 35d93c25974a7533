"""Why a site does not start: settings that are unsafe to serve, and the words for all refusals."""

from __future__ import annotations

from collections.abc import Sequence

from ortsdialog.config.table import PREFIX
from ortsdialog.config.values import Config, Problem


def unsafe_settings(config: Config) -> list[Problem]:
    """What `serve` refuses. The demo may do all of it: it holds invented people only."""
    if config.demo:
        return []
    problems: list[Problem] = []

    def unsafe(name: str, reason: str, remedy: str) -> None:
        problems.append(Problem(PREFIX + name, reason, remedy))

    if config.debug:
        unsafe("DEBUG", "ist an. Fehlerseiten zeigten Fremden das Innere der Seite.", "Setzen Sie es auf off.")
    if any("*" in host or host.startswith(".") for host in config.allowed_hosts):
        unsafe(
            "ALLOWED_HOSTS",
            "enthält einen Platzhalter. Links in E-Mails ließen sich auf fremde Seiten lenken.",
            "Nennen Sie die Rechnernamen einzeln.",
        )
    if not config.base_url.startswith("https://") and not config.https_waived:
        unsafe(
            "BASE_URL",
            "beginnt nicht mit https://. Anmeldungen gingen lesbar über das Netz.",
            "Nennen Sie die https-Adresse. Soll die Seite wirklich ohne https laufen, setzen Sie ORTSDIALOG_HTTPS=off.",
        )
    if config.base_url.startswith("https://") and config.https_waived:
        unsafe(
            "HTTPS",
            "ist off, obwohl ORTSDIALOG_BASE_URL mit https:// beginnt.",
            "Entfernen Sie ORTSDIALOG_HTTPS.",
        )
    if not config.mail_decided:
        unsafe(
            "MAIL_URL",
            "fehlt. Einladungen kämen nicht an.",
            "Nennen Sie den Postausgang, oder schalten Sie E-Mail mit ORTSDIALOG_MAIL_URL=none ausdrücklich ab.",
        )
    return problems


def explain(problems: Sequence[Problem]) -> str:
    """All problems as plain sentences for a terminal."""
    head = "Eine Einstellung stimmt" if len(problems) == 1 else f"{len(problems)} Einstellungen stimmen"
    lines = [f"Ortsdialog startet nicht. {head} nicht:"]
    for problem in problems:
        lines += ["", f"  {problem.name} {problem.reason}", f"    {problem.remedy}"]
    lines += ["", "Alle Einstellungen stehen in docs/operators/einstellungen.md."]
    return "\n".join(lines)
