"""Why a site does not start: settings that are unsafe to serve, and the words for all refusals."""

from __future__ import annotations

from collections.abc import Sequence

from ortsdialog.config.table import PREFIX
from ortsdialog.config.values import DEMO_MARK, Config, Problem


def unsafe_settings(config: Config) -> list[Problem]:
    """What `serve` refuses. A demo may do all of it: it holds invented people only."""
    problems: list[Problem] = []

    def unsafe(name: str, reason: str, remedy: str) -> None:
        problems.append(Problem(PREFIX + name, reason, remedy))

    if config.demo:
        # One word in the settings of a real site would otherwise waive the second factor, and all that follows here.
        if not (config.data_dir / DEMO_MARK).exists():
            unsafe(
                "DEMO",
                f"ist an, doch {config.data_dir} ist nicht der Ordner einer Vorführung.",
                "Entfernen Sie ORTSDIALOG_DEMO. Eine Vorführung richtet der Befehl ein: ortsdialog demo",
            )
        return problems
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
    if config.base_url.startswith("https://") and not config.trusted_proxies:
        # Ortsdialog speaks no TLS itself, so there is a proxy. Unknown to us, its address would stand for all
        # visitors (twelve wrong passwords of one lock out everybody), and links in mails would begin with http.
        unsafe(
            "TRUSTED_PROXIES",
            "ist 0, doch https beendet immer ein Proxy davor. Alle Besucher hätten für Ortsdialog dieselbe Herkunft: "
            "Die Fehlversuche eines Fremden sperrten alle aus.",
            "Setzen Sie die Zahl Ihrer Proxys, meist ORTSDIALOG_TRUSTED_PROXIES=1.",
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
