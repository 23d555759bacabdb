"""Prospects, acts on many of them, and where they come from."""

from django.urls import path

from funnel.views import lead_sources, prospect_edits, prospects, public_leads

identification = [
    path("prospects/", prospects.prospect_list, name="prospects"),
    path("prospects/next/", prospects.next_to_contact, name="prospects-next"),
    path("prospects/new/", prospects.prospect_new, name="prospect-new"),
    path("prospects/<int:pk>/", prospects.prospect, name="prospect"),
    path("prospects/<int:pk>/peek/", prospects.peek, name="prospect-peek"),
    path("prospects/<int:pk>/edit/", prospects.prospect_edit, name="prospect-edit"),
    path("prospects/<int:pk>/contact/", prospects.log_contact, name="prospect-contact"),
    path("prospects/<int:pk>/later/", prospects.put_off, name="prospect-later"),
    path("prospects/<int:pk>/reveal/", prospects.reveal, name="prospect-reveal"),
    path("prospects/<int:pk>/act/", prospects.act_on, name="prospect-act"),
    path("prospects/<int:pk>/take-back/", prospects.take_back, name="prospect-take-back"),
    path("prospects/twins/<int:pk>/apart/", prospects.keep_apart, name="prospect-apart"),
    path("prospects/many/", prospect_edits.edit_new, name="prospect-edit-new"),
    path("prospects/many/<int:pk>/", prospect_edits.edit_page, name="prospect-edit-page"),
    path("prospects/many/<int:pk>/act/", prospect_edits.edit_act, name="prospect-edit-act"),
    path("prospects/many/<int:pk>/progress/", prospect_edits.edit_progress, name="prospect-edit-progress"),
    path("prospects/sources/", lead_sources.sources, name="lead-sources"),
    path("prospects/sources/new/", lead_sources.source_new, name="lead-source-new"),
    path("prospects/sources/<int:pk>/", lead_sources.source_edit, name="lead-source"),
    path("prospects/sources/<int:pk>/renew/", lead_sources.source_renew, name="lead-source-renew"),
    path("prospects/screening/", lead_sources.screening_edit, name="screening"),
    path("leads/<str:token>/", public_leads.lead_form, name="lead-form"),
]
