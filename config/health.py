from django.db import connection
from django.http import HttpRequest, JsonResponse

from crm.access import public


@public
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers; for load balancers and `./strata up`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
