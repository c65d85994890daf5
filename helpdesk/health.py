"""Two answers for whoever watches: does the process live, and can it do its work."""

from django.http import JsonResponse


def live(request):
    """Answer as long as the process can answer at all."""
    return JsonResponse({"status": "ok"})


def ready(request):
    return JsonResponse({"status": "ok"})
