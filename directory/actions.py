"""What may happen in the directory: a feed is taken in, an administrator says who takes referrals."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Organisation, User
from directory import feed as feeds
from directory.models import FeedOrganisation, FeedRun, Service, ServicePlace, ServiceTerm, ServiceTime
from ledger import trail

NO_ORGANISATION = "organization: is missing, so we cannot say who offers the service"


@transaction.atomic
def take_feed(reading: feeds.Reading, *, feed: str, source: str, by: User | None, at: datetime) -> FeedRun:
    """Take what was read into the directory, all of it or nothing: good services in, bad ones refused with the reason.

    A second run of the same feed changes nothing. Services that a whole feed no longer names are marked inactive, never deleted.
    """
    run = FeedRun(feed=feed, source=source[:300], started_at=at, repeated=reading.repeated)
    reasons = list(reading.refused)
    for service_id, record in reading.services.items():
        organisation = _organisation(record, feed)
        if organisation is None:
            place = {"file": record["_file"], "place": record["_place"], "id": service_id, "name": record["name"]}
            reasons.append({**place, "why": [NO_ORGANISATION]})
        elif _take(record, feed=feed, feed_id=service_id, organisation=organisation, at=at):
            run.taken += 1
        else:
            run.unchanged += 1
    if reading.whole and reading.services:
        run.withdrawn = _withdraw_missing(reading, feed)
    run.refused, run.reasons, run.ended_at = len(reasons), reasons[:1000], at
    run.save(force_insert=True)
    trail.record("take_feed", run, by=by)
    return run


@transaction.atomic
def set_referable(service: Service, *, accepts: bool, email: str = "", by: User) -> Service:
    """Say whether a service takes referrals from us. Raises ValidationError where nobody there could be told of one."""
    service = Service.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=service.pk)
    organisation = service.organisation
    if accepts:
        if email and email != organisation.email:
            organisation.email = email
        if not organisation.email and not organisation.users.filter(is_active=True).exists():
            raise ValidationError("Enter an email address, so that the organisation hears of a referral.")
        organisation.active = True
        organisation.version += 1
        organisation.save(update_fields=["email", "active", "version"])
        trail.record("change", organisation, by=by, fields=["email", "active"])
    service.accepts_referrals = accepts
    service.save(update_fields=["accepts_referrals"])
    trail.record("set_referable", service, by=by, fields=["accepts_referrals"])
    return service


def _organisation(record: dict[str, Any], feed: str) -> Organisation | None:
    """Who offers the service: known by the feed's id, else by name, else new and not yet a partner that we refer to."""
    said = record.get("organization") or {}
    feed_id = (said.get("id") or record.get("organization_id") or "").lower()
    if not feed_id:
        return None
    known = FeedOrganisation.objects.select_related("organisation").filter(feed=feed, feed_id=feed_id).first()
    if known:
        return known.organisation
    if not said:
        return None
    name = said["name"].strip()
    found = Organisation.objects.filter(name__iexact=name).first() or Organisation.objects.create(
        name=name,
        email=said.get("email", ""),
        url=said.get("website", ""),
        about=said.get("description", ""),
        active=False,
    )
    FeedOrganisation.objects.create(feed=feed, feed_id=feed_id, organisation=found)
    return found


def _take(record: dict[str, Any], *, feed: str, feed_id: str, organisation: Organisation, at: datetime) -> bool:
    """Write one service if the feed says anything new of it. Returns whether it did."""
    digest = feeds.digest(record)
    service = Service.objects.select_for_update().filter(feed=feed, feed_id=feed_id).first()
    if service and service.digest == digest:
        Service.objects.filter(pk=service.pk).update(seen_in_feed_at=at)
        return False
    service = service or Service(feed=feed, feed_id=feed_id)
    said = feeds.columns(record) | {"organisation": organisation, "digest": digest, "seen_in_feed_at": at}
    for name, value in said.items():
        setattr(service, name, value)
    if service.pk:
        service.save(update_fields=list(said))
    else:
        service.save(force_insert=True)
    for rows in (service.places, service.times, service.terms):
        rows.all().delete()
    ServicePlace.objects.bulk_create(ServicePlace(service=service, **one) for one in feeds.places(record))
    ServiceTime.objects.bulk_create(ServiceTime(service=service, **one) for one in feeds.times(record))
    ServiceTerm.objects.bulk_create(
        ServiceTerm(service=service, code=code, name=name) for code, name in feeds.terms(record).items()
    )
    return True


def _withdraw_missing(reading: feeds.Reading, feed: str) -> int:
    """Mark inactive what the feed no longer names. A record that was refused is still named: its last good state stays."""
    gone = Service.objects.filter(feed=feed, status__in=[Service.Status.ACTIVE, Service.Status.TEMPORARILY_CLOSED])
    return gone.exclude(feed_id__in=reading.seen).update(status=Service.Status.INACTIVE, digest="")
