"""What somebody has looked at and let stand, each with the reason. A place that is gone from the code goes from here."""

Places = dict[tuple[str, str], str]  # (file, words of the breach) -> why

OPENED = "reads again, or joins to, a record that the page has opened through the door"
NARROWED = "narrows rows that come through the door"

PLACES: dict[str, Places] = {
    "actions_have_one_shape": {
        ("residents/actions/households.py", "household_of takes"): "answers a question: the day is what it is about",
        ("referrals/actions/links.py", "revoke_links does not say"): "a part of other verbs, whose trail says who",
        ("referrals/actions/links.py", "use_up_link does not say"): "a part of other verbs, whose trail says who",
        ("residents/actions/pairs.py", "look_for_pairs does not say"): "nobody's deed: a job of the outbox looks",
        ("referrals/actions/returns.py", "mark_unanswered does not say"): "silence is nobody's deed: the clock does it",
    },
    "files_stay_small": {},
    "imports_stand_at_the_top": {
        (
            "residents/apps.py",
            "by its name",
        ): "what a higher room does after each migrate; models exist only when the app is ready",
        ("referrals/apps.py", "by its name"): "the seam by which a higher room gives its permission to finish",
    },
    "no_unescaped_text": {
        ("residents/picture.py", "not escaped"): "the drawing, put together from numbers and escaped words",
        ("reporting/svg.py", "not escaped"): "the drawing, put together from numbers and escaped words",
    },
    "statuses_move_by_advance": {
        ("directory/actions.py", "by update"): "whether a service is still in the feed: no move of ours",
    },
    "views_begin_at_the_door": {
        ("directory/views.py", "services asks Service.objects.filter"): "a directory has no secrets",
        ("referrals/views/new.py", "Service.objects.referable"): "a directory has no secrets",
        ("residents/views/details.py", "Resident.objects.get"): OPENED,
        ("residents/views/households.py", "Membership.objects.filter"): OPENED,
        ("residents/views/single.py", "ChronologyEntry.objects.filter"): OPENED,
        ("residents/views/pairs.py", "ResidentAddress.objects.select_related"): NARROWED,
        ("triage/views/contacts.py", "TriageItem.objects.filter"): OPENED,
        ("triage/views/contacts.py", "Contact.objects.get"): OPENED,
        ("cases/views/allocate.py", "Resident.objects.filter"): OPENED,
        ("cases/views/frame.py", "CaseMember.objects.select_related"): OPENED,
        ("cases/views/frame.py", "Case.objects.all"): OPENED,
        ("cases/views/lists.py", "PlanAction.objects.filter"): NARROWED,
        ("cases/views/notes.py", "Note.objects.select_related"): OPENED,
        ("cases/views/story.py", "ChronologyEntry.objects.filter"): NARROWED,
        ("cases/views/story.py", "Involvement.objects.filter"): OPENED,
        ("cases/views/story.py", "Note.objects.filter"): OPENED,
        ("cases/views/frame.py", "Warning.objects.in_force"): OPENED,
        ("cases/views/plan.py", "PlanAction.objects.select_related"): OPENED,
        (
            "referrals/views/link.py",
            "AnswerLink.objects.filter",
        ): "who holds the secret is no user: the database decides",
        ("referrals/views/link.py", "Referral.objects"): "who holds the secret is no user: the database decides",
        ("referrals/views/new.py", "Agreement.objects.live"): OPENED,
        ("referrals/views/partner.py", "Referral.objects.get"): OPENED,
        ("referrals/views/staff.py", "Agreement.objects.live"): OPENED,
    },
}
PUBLIC = {
    "directory:services",  # a directory has no secrets
    "directory:service",
    "accounts:healthz",
    "accounts:readyz",
    "accounts:accessibility",
    "accounts:privacy",
    "desk:help",
    "desk:help_topic",
    "referrals:answer",  # a partner without an account: the secret in the address is the key
    "referrals:answered",
}
# Records that everybody who signs in may see.
FOR_EVERYBODY = {"directory.Service"}
_WORDS_OF_THE_LEDGER = {
    "AuditEvent": "kind outcome principal request_id role verb why",
    "AuditSeal": "previous root signature up_to",
    "OutboxJob": "arguments error job key",  # ids and references only: test_logs.py looks
    "SentForm": "location path",
    "Draft": "form path subject",
    "Marker": "name value",
}
_OF_ORGANISATIONS = {
    "accounts.Organisation": "about email name phone url",
    "accounts.Team": "name",
    "directory.Service": "alert alternate_name description digest eligibility email feed feed_id fees name phone url",
    "directory.ServicePlace": "feed_id lines name postcode",
    "directory.ServiceTime": "days description",
    "directory.ServiceTerm": "code name",
    "directory.FeedOrganisation": "feed feed_id",
    "directory.FeedRun": "feed reasons source",
}
_CODES = {
    "residents.Ward": "code name",
    "residents.PostcodeWard": "postcode",  # of a public directory, of no one
    "residents.ChronologyEntry": "kind verb",
    "residents.LikelyPair": "levels weights",  # how facts compare, without any of them
    "residents.MatchRun": "weights",
    "residents.Merge": "counts held kept",  # names of fields and keys of rows
    "residents.MergedRow": "model",
    "intake.Need": "code headline label",
    "intake.Answer": "question",
    "intake.ImportRun": "checksum file reason source",  # the reason is ours, about a whole file
    "intake.ImportedRecord": "as_written checksum kind source table",  # digests
    "intake.Changeset": "building checksum columns file mapping source table",  # headings of a file; rows by number
    "intake.ProposedChange": "checksum",
    "intake.QuarantinedMatch": "said",  # how facts compare, without any of them
    "intake.CarriedOut": "model",
    "triage.TriageItem": "rule_set_version rules",
    "triage.Decision": "rule_set_version",
    "triage.FiredRule": "number route",
    "cases.ClosureReason": "code label",
    "referrals.AnswerLink": "secret_hash",
    "reporting.Reading": "measure slice",
    "reporting.Run": "error",  # the type of a failure, never its words
    "reporting.Annotation": "measures source text",  # laws and boundaries, of no one
}
NOT_PERSONAL = {
    f"{model}.{name}"
    for model, names in (
        {f"ledger.{model}": names for model, names in _WORDS_OF_THE_LEDGER.items()} | _OF_ORGANISATIONS | _CODES
    ).items()
    for name in names.split()
}
# Components of the design system: what they are given has been escaped where it was rendered.
TEMPLATES = {
    r"\|\s*safe\b": (
        "templates/gds/layout/baseinput.html",
        "templates/gds/layout/button.html",
        "templates/gds/layout/conditional_question.html",
        "templates/gds/layout/fieldset.html",
    )
}
