"""What a child does between fork and exec: leave root where a server asks for it, and die with its parent."""

import ctypes
import os
import signal
import sys
from dataclasses import dataclass

LINUX = sys.platform == "linux"

# From linux/prctl.h and linux/capability.h.
PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_SET_SECUREBITS = 28
SECBIT_NO_SETUID_FIXUP = 1 << 2
SECBIT_KEEP_CAPS = 1 << 4
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True) if LINUX else None


class _CapHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapData(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


@dataclass(frozen=True)
class Account:
    """A user and group id a child takes on."""

    uid: int
    gid: int


def _must(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _prctl(option: int, *numbers: int) -> None:
    # The kernel reads five words and refuses some calls whose unused ones are not zero.
    words = [*numbers, 0, 0, 0, 0][:4]
    _must(_libc.prctl(ctypes.c_int(option), *(ctypes.c_ulong(word) for word in words)))


def become(account: Account) -> None:
    """Give up root for `account`, keeping only the right to pass folders that root may pass.

    PostgreSQL refuses to run as root. An account of its own would need every folder above the data and
    above the program opened to it; one ambient capability needs neither, and survives the exec.
    """
    _prctl(PR_SET_KEEPCAPS, 1)
    try:
        # Else access(2), by which initdb looks for its programs, would not count the capability.
        _prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP | SECBIT_KEEP_CAPS)
    except OSError:
        pass  # needed only below folders that are closed to others
    os.setgroups([])
    os.setresgid(account.gid, account.gid, account.gid)
    os.setresuid(account.uid, account.uid, account.uid)
    mask = 1 << CAP_DAC_OVERRIDE
    header = _CapHeader(CAPABILITY_VERSION_3, 0)
    data = (_CapData * 2)(_CapData(mask, mask, mask), _CapData(0, 0, 0))
    _must(_libc.capset(ctypes.byref(header), ctypes.byref(data)))
    _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE)


def die_with_parent(parent: int, last_signal: signal.Signals) -> None:
    """Ask the kernel to send `last_signal` when `parent` ends, even by kill -9."""
    if LINUX:
        _prctl(PR_SET_PDEATHSIG, last_signal)
        if os.getppid() != parent:  # it died before the kernel knew
            os.kill(os.getpid(), signal.SIGKILL)
