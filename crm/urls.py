from django.urls import path

from crm.views import palette, preferences, today

app_name = "crm"
urlpatterns = [
    path("", today.today, name="today"),
    path("palette/", palette.palette, name="palette"),
    path("preferences/theme/", preferences.set_theme, name="set-theme"),
    path("preferences/language/", preferences.set_language, name="set-language"),
]
