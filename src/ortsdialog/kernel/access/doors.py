"""The doors of the house: every view declares who may come in.

* `@public`: everybody. The view may be async, as live pages are.
* `@signed_in`: any person with an account (her own pages; no town's pages).
* `@desk("plan.edit_measure", Measure)`: staff with this right, checked on the object.

A URL argument called `place` is a town's slug. The door finds the town (an unknown one is 404),
opens it for the view and hands the object on. `@desk` looks its object up inside the open town,
so another town's object does not exist here. A missing right is 404 as well: no hint.

The house tells the kernel at start how to find a place and an actor (`furnish`), since the kernel
knows neither towns nor accounts.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.db import models
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control

from ortsdialog.kernel.access import Actor, NotAllowed, allowed
from ortsdialog.kernel.tenancy import open_place

View = Callable[..., Any]


@dataclass(frozen=True)
class Door:
    """What a view declared: kind, right, and the model the right is checked on."""

    kind: str
    code: str = ""
    model: type[models.Model] | None = None


@dataclass
class _Furniture:
    find_place: Callable[[str], Any] | None = None
    find_actor: Callable[[HttpRequest], Actor] | None = None


_furniture = _Furniture()


def furnish(
    *, find_place: Callable[[str], Any] | None = None, find_actor: Callable[[HttpRequest], Actor] | None = None
) -> None:
    """Upstairs registers how a slug becomes a place (None if unknown) and a request an actor."""
    if find_place is not None:
        _furniture.find_place = find_place
    if find_actor is not None:
        _furniture.find_actor = find_actor


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request; worked out once."""
    actor = getattr(request, "_ortsdialog_actor", None)
    if actor is None:
        actor = _furniture.find_actor(request) if _furniture.find_actor else Actor.guest()
        request._ortsdialog_actor = actor  # type: ignore[attr-defined]
    return actor


def _place_for(slug: str) -> Any:
    place = _furniture.find_place(slug) if _furniture.find_place else None
    if place is None:
        raise Http404
    return place


@contextmanager
def _opened(request: HttpRequest, kwargs: dict[str, Any], place: Any) -> Iterator[None]:
    """Hand the town on to the view and open it. Without a town in the address nothing is open."""
    if place is None:
        yield
        return
    kwargs["place"] = place
    request.place = place  # type: ignore[attr-defined]
    with open_place(place):
        yield


def _must_be_sync(view: View) -> None:
    """The checks of a desk ask the database; an async view would begin after the place was closed."""
    if iscoroutinefunction(view):
        raise TypeError(f"{view.__module__}.{view.__qualname__} is async; only @public takes async views.")


def _mark(wrapper: View, door: Door) -> View:
    wrapper.door = door  # type: ignore[attr-defined]
    return wrapper


def public(view: View) -> View:
    """A page for everybody, sync or async. What it streams is sent after the place was closed again."""
    if iscoroutinefunction(view):

        @functools.wraps(view)
        async def awaiting(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            place = await sync_to_async(_place_for)(kwargs["place"]) if "place" in kwargs else None
            with _opened(request, kwargs, place):
                _refuse_null_characters(request)
                try:
                    response = await view(request, *args, **kwargs)
                except NotAllowed as refusal:
                    raise Http404 from refusal
                return await sync_to_async(_finished)(response)

        return _mark(login_not_required(awaiting), Door("public"))

    @functools.wraps(view)
    def entering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        place = _place_for(kwargs["place"]) if "place" in kwargs else None
        with _opened(request, kwargs, place):
            return _finished(_refusing(view, request, *args, **kwargs))

    return _mark(login_not_required(entering), Door("public"))


def signed_in(view: View) -> View:
    """A page of the person herself: any account, no right needed."""
    _must_be_sync(view)

    @functools.wraps(view)
    def entering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refusal = _must_sign_in(request)
        return refusal or _kept_nowhere(_finished(_refusing(view, request, *args, **kwargs)))

    return _mark(entering, Door("signed_in"))


def desk(code: str, model: type[models.Model] | None = None, *, lookup: str = "pk") -> Callable[[View], View]:
    """A page for staff who hold `code`.

    With a model, the URL argument named `lookup` finds the object, which the view receives under
    the model's name in lower case. Without one the right is checked on the place, or on nothing.
    """

    def decorate(view: View) -> View:
        _must_be_sync(view)

        @functools.wraps(view)
        def entering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            refusal = _must_sign_in(request)
            if refusal:
                return refusal
            target = _place_for(kwargs["place"]) if "place" in kwargs else None
            with _opened(request, kwargs, target):
                if model is not None:
                    target = get_object_or_404(model, **{lookup: kwargs.pop(lookup)})
                    kwargs[str(model._meta.model_name)] = target
                if not allowed(actor_of(request), code, target):
                    raise Http404
                return _kept_nowhere(_finished(_refusing(view, request, *args, **kwargs)))

        return _mark(entering, Door("desk", code, model))

    return decorate


def _must_sign_in(request: HttpRequest) -> HttpResponseBase | None:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if settings.SECOND_FACTOR_REQUIRED and not actor_of(request).second_factor:
        return redirect(settings.SECOND_FACTOR_URL)
    return None


def _refusing(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """An action's own refusal reads like a page that does not exist."""
    _refuse_null_characters(request)
    try:
        response = view(request, *args, **kwargs)
    except NotAllowed as refusal:
        raise Http404 from refusal
    if isinstance(response, HttpResponseNotAllowed) and request.method == "GET":
        # Whoever signs in again in the middle of a deed is led back here by GET: a blank page explains nothing.
        explained = render(request, "405.html", status=405)
        explained["Allow"] = response["Allow"]
        return explained
    return response


def _refuse_null_characters(request: HttpRequest) -> None:
    """PostgreSQL stores none and looks for none; no keyboard makes one. Answered with 400."""
    said = [request.path, *(value for values in request.GET.lists() for value in (values[0], *values[1]))]
    if request.method == "POST":
        said += [value for values in request.POST.lists() for value in (values[0], *values[1])]
    if any("\x00" in value for value in said):
        raise BadRequest("null character")


def _kept_nowhere(response: HttpResponseBase) -> HttpResponseBase:
    """What one person may see is kept in no cache, neither between here and her nor in a shared browser."""
    patch_cache_control(response, private=True, no_store=True)
    return response


def _finished(response: HttpResponseBase) -> HttpResponseBase:
    """Render a lazy template answer now, while the place is still open."""
    render = getattr(response, "render", None)
    if callable(render) and not getattr(response, "is_rendered", True):
        render()
    return response
