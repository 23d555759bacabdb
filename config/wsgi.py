import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

from crm.garbage import spare_what_lasts

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
import_module("config.urls")  # every view: else the first visitor waits for them
spare_what_lasts()
