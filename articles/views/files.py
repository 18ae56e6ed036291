"""Pictures from local storage; with object storage, its own addresses are used instead."""

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve


@require_safe
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file of the picture store: its name holds its content's hash, so it may be kept."""
    response = serve(request, name, document_root=settings.MEDIA_ROOT)
    if isinstance(response, FileResponse):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
