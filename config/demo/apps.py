from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Brings the commands `seed_demo` and `demo_logins`; it has no tables and no pages."""

    name = "config.demo"
    label = "demo"
