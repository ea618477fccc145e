"""Addresses of search. A search has a number; its words are never in an address."""

from django.urls import path

from fairwitness_hub.search import views

urlpatterns = [
    path("", views.search, name="search"),
    path("<int:run>/", views.results, name="search_results"),
]
