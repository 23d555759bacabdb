"""Pages of what follows from tiers."""

from django.urls import path

from tiering.views import conditions, facility_changes, follows, periodic_reviews, policy_forms

urlpatterns = [
    path("policies/conditions/", conditions.of_policy, name="policy-conditions"),
    path("policies/warnings/conditions/", conditions.of_warnings, name="warning-conditions"),
    path("policies/<int:pk>/tiers/", policy_forms.tier_policy_form, name="tier-policy-form"),
    path("policies/<int:pk>/products/", policy_forms.products_form, name="products-form"),
    path("facilities/", facility_changes.facility_changes, name="facility-changes"),
    path("facilities/decide/", facility_changes.decide, name="facility-changes-decide"),
    path("periodic/", periodic_reviews.periodic_reviews, name="periodic-reviews"),
    path("periodic/<int:pk>/", periodic_reviews.periodic_review, name="periodic-review"),
    path("periodic/<int:pk>/paper/", periodic_reviews.paper, name="periodic-review-paper"),
    path("periodic/<int:pk>/prepare/", periodic_reviews.prepare, name="periodic-review-prepare"),
    path("periodic/<int:pk>/sign/", periodic_reviews.sign, name="periodic-review-sign"),
    path("periodic/<int:pk>/return/", periodic_reviews.send_back, name="periodic-review-return"),
    path("clients/<int:pk>/parts/follows/", follows.client_follows, name="client-follows"),
    path("clients/<int:pk>/parts/offers/", follows.client_offers, name="client-offers"),
    path("today/missed/", follows.today_missed, name="today-missed"),
    path("today/facilities/", follows.today_facilities, name="today-facilities"),
]
