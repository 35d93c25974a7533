"""A flood of hate beside an evening: who sends what when. The same for the simulation and for the measurement."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

HATEFUL_DEVICES, HATEFUL_PER_MINUTE = 200, 500
HONEST_DEVICES, HONEST_PER_MINUTE = 60, 25
# How long a person takes for a decision.
PACE_SECONDS = 2.5
BAR_SECONDS = 60.0
# Four in ten hold no word that a list would know: no filter finds them, people do.
HATE = (
    "Die gehören alle aufgehängt.",
    "Verreckt doch alle da drüben!",
    "Lauter Schmarotzer und Gesindel.",
    "Ihr seid alle Arschlöcher.",
    "Volksverräter, der Tag kommt.",
    "Drecksvolk, alle raus hier.",
    "Euch will hier keiner haben.",
    "Geht dahin zurück, wo ihr hergekommen seid.",
    "Die da oben sind gekauft, alle.",
    "Früher hätte man mit solchen anders gemacht.",
)
HONEST = (
    "Am Abend fährt kein Bus mehr.",
    "Es fehlen bezahlbare Wohnungen für Familien.",
    "Der Radweg zur Schule endet im Nichts.",
    "Wir brauchen einen Treffpunkt für Jugendliche.",
    "Deutschkurse am Abend wären gut.",
    "Das Schwimmbad muss bleiben.",
)


@dataclass(frozen=True)
class Arrival:
    """Seconds after the beginning, the device, whether it is hateful, and the words."""

    at: float
    device: str
    hateful: bool
    text: str


def arrivals(minutes: float, seed: int = 7) -> Iterator[Arrival]:
    """All that comes, in the order in which it comes."""
    chance = random.Random(seed)
    coming = []
    for hateful, devices, rate, texts in (
        (True, HATEFUL_DEVICES, HATEFUL_PER_MINUTE, HATE),
        (False, HONEST_DEVICES, HONEST_PER_MINUTE, HONEST),
    ):
        for number in range(round(rate * minutes)):
            device = f"{'hass' if hateful else 'gut'}{chance.randrange(devices)}"
            text = f"{chance.choice(texts)} ({number})"
            coming.append(Arrival(chance.uniform(0, minutes * 60), device, hateful, text))
    yield from sorted(coming, key=lambda one: one.at)
