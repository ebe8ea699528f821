"""Addresses of the referrals room."""

from django.urls import path

from referrals.views import link, new, partner, staff

app_name = "referrals"
urlpatterns = [
    path("referrals", staff.mine, name="mine"),
    path("referrals/new", new.new, name="new"),
    path("referrals/chase", staff.chase, name="chase"),
    path("referrals/<reference>", staff.referral, name="referral"),
    path("referrals/<reference>/change", staff.change, name="change"),
    path("referrals/<reference>/send", staff.send, name="send"),
    path("referrals/<reference>/cancel", staff.cancel, name="cancel"),
    path("referrals/<reference>/agreement", staff.agree, name="agree"),
    path("referrals/<reference>/message", staff.message, name="message"),
    path("referrals/<reference>/link", staff.resend, name="resend"),
    path("referrals/<reference>/withdraw", staff.withdraw, name="withdraw"),
    path("referrals/<reference>/settle", staff.settle, name="settle"),
    path("inbox", partner.inbox, name="inbox"),
    path("inbox/referrals.csv", partner.export, name="export"),
    path("inbox/several", partner.receive_several, name="receive_several"),
    path("inbox/<reference>", partner.referral, name="received"),
    path("inbox/<reference>/receive", partner.receive, name="receive"),
    path("inbox/<reference>/answer", partner.answer, name="reply"),
    path("inbox/<reference>/start", partner.start, name="start"),
    path("inbox/<reference>/complete", partner.complete, name="complete"),
    path("inbox/<reference>/message", partner.message, name="write"),
    path("answer/thanks", link.thanks, name="answered"),
    path("answer/<secret>", link.answer, name="answer"),
]
