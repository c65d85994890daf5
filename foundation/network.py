"""Where a request comes from, for counters only."""

import ipaddress

from django.conf import settings


def network_of(request) -> str:
    """Return the address a request came from; of an IPv6 address the part that belongs to one connection.

    Only as many entries of X-Forwarded-For are believed as there are proxies of our own, counted from the
    right: whatever stands further left was written by the sender.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        passed_on = [entry.strip() for entry in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if len(passed_on) >= settings.TRUSTED_PROXIES:
            address = passed_on[-settings.TRUSTED_PROXIES]
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "0.0.0.0"  # a socket without an address, or nonsense from the proxy: counted together
    if ip.version == 4:
        return str(ip)
    if ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((ip, 64), strict=False).network_address)
